/**
 * What a gate found as GitHub shows it: annotations through workflow commands, and a Markdown step summary.
 *
 * GitHub keeps ten warnings and ten errors of a step, cuts an annotation above 64 KiB, and drops a whole summary near
 * 1 MiB (docs.github.com, workflow commands; actions/toolkit problem matchers; actions/runner issue 4337).
 */
import type { GateVerdict } from '../../experiment/gate.js';
import type { GateOutcome } from '../../experiment/gate-outcome.js';
import { groups, groupText } from './groups.js';
import { gateMarkdown } from './markdown.js';
import { changeTexts, limitText, remarks, shortPoints, verdictText } from './words.js';

const ANNOTATIONS_OF_A_KIND = 10;
const ANNOTATION_BYTES = 64 * 1024 - 256;
/** GitHub was seen to drop summaries some bytes below its limit, so keep well clear of it. */
const SUMMARY_BYTES = 1024 * 1024 - 64 * 1024;

type Kind = 'error' | 'warning' | 'notice';

interface Annotation {
  kind: Kind;
  title: string;
  message: string;
}

/**
 * The annotations, a workflow command a line, one for all points at which a metric of a design moved: otherwise the
 * sweep of one design would take all the room. Of more than ten of a kind the first nine stand and the tenth says how
 * many there are.
 */
export function githubAnnotations(outcomes: readonly GateOutcome[]): string {
  const all = outcomes.flatMap(annotationsOf);
  return (['error', 'warning', 'notice'] as const)
    .flatMap((kind) => atMostTen(all.filter((annotation) => annotation.kind === kind)))
    .map(command)
    .join('');
}

/**
 * The step summary.
 * @param usedBytes what the step's summary holds already
 */
export function githubSummary(outcomes: readonly GateOutcome[], usedBytes: number): string {
  return gateMarkdown(outcomes, Math.max(0, SUMMARY_BYTES - usedBytes));
}

function annotationsOf(outcome: GateOutcome): Annotation[] {
  const { workload, report, limits, failOn } = outcome;
  const annotations: Annotation[] = [];
  const add = (kind: Kind, title: string, message: string): void => {
    annotations.push({ kind, title: `${workload}: ${title}`, message });
  };
  if (outcome.status === 'not comparable') {
    add('error', 'not comparable', [...outcome.reasons, ...remarks(outcome)].join('\n'));
  }
  const names = shortPoints(report.comparisons.map(({ point }) => point));
  const addGroups = (kind: Kind, title: string, verdicts: readonly GateVerdict[]): void => {
    for (const group of groups(report.comparisons, verdicts)) add(kind, title, groupText(group, names));
  };
  addGroups('error', 'regression', ['regressed']);
  if (failOn === 'any-change') addGroups('error', 'change', ['unclear', 'improved', 'within']);
  else addGroups('warning', 'unclear', ['unclear']);
  for (const limit of limits) if (!limit.held) add('error', 'limit broken', limitText(limit));
  const notes = [verdictText(outcome), ...changeTexts(report.changed), ...remarks(outcome)];
  if (outcome.status !== 'not comparable') add('notice', `gate ${outcome.status}`, notes.join('\n'));
  return annotations;
}

function atMostTen(annotations: readonly Annotation[]): Annotation[] {
  if (annotations.length <= ANNOTATIONS_OF_A_KIND) return [...annotations];
  const shown = annotations.slice(0, ANNOTATIONS_OF_A_KIND - 1);
  const { kind } = annotations[0]!;
  const rest = annotations.length - shown.length;
  return [...shown, { kind, title: `${rest} more`, message: `${rest} more of this kind: see the summary` }];
}

/** A workflow command; what ends a command or a property is escaped as the runner reads it. */
function command({ kind, title, message }: Annotation): string {
  const data = (text: string): string =>
    text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = data(title).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${kind} title=${property}::${data(clipBytes(message, ANNOTATION_BYTES))}\n`;
}

function clipBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  // A cut inside a character leaves a replacement mark, which is then cut off too.
  return `${Buffer.from(text)
    .subarray(0, bytes)
    .toString('utf8')
    .replace(/\ufffd$/, '')}…`;
}
