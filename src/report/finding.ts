/** A finding: what it is about, and what was found, without a full stop. */
export interface Finding {
  topic: string;
  text: string;
  /** What the text leaves out, and the part of the page whose table has it. */
  rest?: { count: number; that: string; section: string };
}

/** `3 more that do not are in`, of what a finding leaves out. */
export function restText({ count, that }: NonNullable<Finding['rest']>): string {
  return `${count} more ${that === '' ? '' : `${that} `}${count === 1 ? 'is' : 'are'} in`;
}

/** `Knee: mdev bends at depth 8.` Where there is no page, what is left out is in the document. */
export function findingSentence({ topic, text, rest }: Finding): string {
  return `${topic}: ${text}${rest === undefined ? '' : `; ${restText(rest)} results.json`}.`;
}
