/**
 * How a design and a stage look. Colours start from Okabe and Ito's palette, which the colour-blind can tell apart,
 * each with a darker form for paper and a lighter one for dark screens (contrast at least 3:1 against either); the
 * dash and the mark say the same a second time.
 */
import { STAGES } from '../models/metrics.js';

/** A colour on a light and on a dark ground. */
interface Colour {
  light: string;
  dark: string;
}

const DESIGN_COLOURS: readonly Colour[] = [
  { light: '#0072b2', dark: '#4fb0e8' },
  { light: '#d55e00', dark: '#ff8a3d' },
  { light: '#00875f', dark: '#2fcf9f' },
  { light: '#a8488a', dark: '#e79ac6' },
  { light: '#8a6d00', dark: '#e8c33c' },
  { light: '#5b5bd6', dark: '#a3a3ff' },
  { light: '#b3261e', dark: '#ff7d75' },
  { light: '#4d4d4d', dark: '#c4c4c4' },
];

/** Positions with a custom property of their own, so that a series is told by it even where colours repeat. */
const POSITIONS = 24;

/** Solid first; the later ones leave gaps, so that a curve below shows through where two coincide. */
const DASHES: readonly (readonly number[])[] = [[], [9, 5], [3, 4], [12, 4, 3, 4], [6, 3], [2, 2], [14, 6]];

/** Marks as vega names them. */
const SHAPES: readonly string[] = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'triangle-down'];

/** Stages by kind: software in warm, waiting in yellow, addresses in purple, data in blue and green, end in grey. */
const STAGE_COLOURS: Readonly<Record<(typeof STAGES)[number], Colour>> = {
  prepare: { light: '#7a3b10', dark: '#b9774a' },
  submit: { light: '#d55e00', dark: '#ff8a3d' },
  trap: { light: '#b3001b', dark: '#ff5c70' },
  queue: { light: '#e6b422', dark: '#f2cf63' },
  arbitrate: { light: '#8a6d00', dark: '#b89522' },
  fetch: { light: '#d68fbd', dark: '#efb3d8' },
  translate: { light: '#8f4f9e', dark: '#bd83cc' },
  fault: { light: '#4b1d6b', dark: '#8d59b3' },
  read: { light: '#0072b2', dark: '#4fb0e8' },
  write: { light: '#009e73', dark: '#2fcf9f' },
  complete: { light: '#8c8c8c', dark: '#a6a6a6' },
  notify: { light: '#4d4d4d', dark: '#d9d9d9' },
};

/** How the design at a position of the document is drawn. */
export interface DesignLook {
  colour: string;
  dash: readonly number[];
  shape: string;
  strokeWidth: number;
  markSize: number;
}

/** Colours repeat after eight designs, then with another dash and mark, so that no two look alike below 168. */
export function designLook(position: number): DesignLook {
  const round = Math.floor(position / DESIGN_COLOURS.length);
  const within = position % DESIGN_COLOURS.length;
  return {
    colour: `var(--d${position % POSITIONS},${DESIGN_COLOURS[within]!.light})`,
    dash: DASHES[(within + round) % DASHES.length]!,
    shape: SHAPES[(within + round) % SHAPES.length]!,
    // Curves that coincide stay visible: earlier ones lie below and are wider, their marks larger.
    strokeWidth: Math.max(1.9, 3.6 - 0.6 * position),
    markSize: Math.max(40, 96 - 18 * position),
  };
}

/** Colour of a stage; grey for one that this version does not know. */
export function stageColour(stage: string): string {
  const position = (STAGES as readonly string[]).indexOf(stage);
  return position === -1
    ? 'var(--muted,#595959)'
    : `var(--s${position},${STAGE_COLOURS[STAGES[position]!].light})`;
}

/** The custom properties of all colours, for one ground. */
export function colourProperties(ground: 'light' | 'dark'): string {
  const designs = Array.from(
    { length: POSITIONS },
    (_, i) => `--d${i}:${DESIGN_COLOURS[i % DESIGN_COLOURS.length]![ground]}`,
  );
  const stages = STAGES.map((stage, i) => `--s${i}:${STAGE_COLOURS[stage][ground]}`);
  return [...designs, ...stages].join(';');
}
