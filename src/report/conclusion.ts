/** What the workload concludes, and whether it holds in this run. */
import type { ResultConclusion, Results } from '../experiment/results.js';
import { formatQuantity } from '../workload/format.js';
import { siUnit } from './overview.js';
import { wrap } from './text-layout.js';

type Claim = ResultConclusion['holds'][number];

/** What stands instead of a paragraph that speaks of points which this run leaves out. */
const LEFT_OUT = 'This run leaves out points that the conclusion of the workload speaks of.';

/** The paragraph, and its standing in a sentence. */
export function conclusionTexts({ says, holds }: ResultConclusion): { says: string; standing: string } {
  const judged = holds.filter(({ held }) => held !== null);
  const broken = judged.filter(({ held }) => held === false);
  const rest = holds.length - judged.length;
  const left = rest === 0 ? '' : ` ${rest} of ${holds.length} conditions could not be judged.`;
  const standing =
    judged.length === 0
      ? ''
      : broken.length === 0
        ? `It holds in this run: ${judged.length} of ${judged.length} conditions.`
        : `It does NOT hold in this run: ${broken.length} of ${judged.length} conditions are broken.`;
  return { says: says ?? LEFT_OUT, standing: (standing + left).trim() };
}

/** The sides of a claim with their values: `8.95 µs, 88.4 µs`. */
export function claimValues({ sides, unit }: Claim): string {
  return sides.map((value) => formatQuantity(value, siUnit(unit))).join(', ');
}

/** The conclusion in lines of a terminal; none where the workload concludes nothing. */
export function conclusionLines({ conclusion }: Results, width: number): string[] {
  if (conclusion === null) return [];
  const { says, standing } = conclusionTexts(conclusion);
  const columns = Math.max(40, Math.min(width, 100));
  return [
    ...wrap(`Conclusion: ${says}`, columns, ''),
    ...(standing === '' ? [] : wrap(standing, columns, '')),
    ...conclusion.holds
      .filter(({ held }) => held === false)
      .flatMap((claim) => wrap(`${claim.text} (${claimValues(claim)})`, columns, '✗ ')),
  ];
}
