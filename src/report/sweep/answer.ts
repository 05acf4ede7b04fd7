/** The answer of a large sweep, in the parts that the answer of every run has. */
import type { Aggregate } from '../../experiment/aggregate.js';
import type { StreamedResults } from '../../experiment/results.js';
import type { Answer } from '../answer.js';
import { limitShares, robustnessFindings } from '../examination.js';
import { notices, reservations } from '../notices.js';
import { type Overview, overview } from '../overview.js';
import { doubtSentences, leaderFindings } from './words.js';

/** The document without its points, which are too many to be held. */
export function withoutPoints(results: StreamedResults): Overview {
  return overview({
    ...results,
    points: [],
    curves: { crossovers: [], knees: [], break_even: [] },
    limits: [],
    settings: { ...results.settings, points: {} },
    warnings: [...results.warnings.items()],
  });
}

/** Who is in front how often and how firmly, what limits how many points, what stands against it, and what is doubtful. */
export function sweepAnswer(results: StreamedResults, aggregate: Aggregate): Answer {
  const view = withoutPoints(results);
  return {
    findings: [...leaderFindings(aggregate), ...robustnessFindings(view), ...limitShares(view)],
    reservations: reservations(view, aggregate.devices),
    caveats: [...doubtSentences(aggregate), ...notices(view)],
  };
}
