/** A finding: what it is about, and what was found, without a full stop. */
export interface Finding {
  topic: string;
  text: string;
}

/** `Knee: mdev bends at depth 8.` */
export function findingSentence({ topic, text }: Finding): string {
  return `${topic}: ${text}.`;
}
