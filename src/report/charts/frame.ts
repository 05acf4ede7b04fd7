/**
 * What all charts share: fonts, colours as CSS variables, and room around the drawing. Vega would find the room by
 * guessing the width of letters, generously; the guess here is closer and keeps charts of one row aligned.
 */

/** Size of the letters [px] at the chart's own width; the page scales charts to their column. */
export const FONT_SIZE = 12;
/** Width of a letter as a share of its size, for the sans-serif faces that systems have. */
const LETTER_WIDTH = 0.62;

/** Space around the drawing [px]. */
export interface Room {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Expected width of a text [px]. */
export function textWidth(text: string): number {
  return Math.ceil(text.length * FONT_SIZE * LETTER_WIDTH);
}

/**
 * Size and look of a chart.
 *
 * @param width of the whole, room included [px]
 * @param height of the whole, room included [px]
 */
export function frame(width: number, height: number, room: Room): object {
  return {
    width: width - room.left - room.right,
    height: height - room.top - room.bottom,
    autosize: 'none',
    padding: { ...room },
    background: null,
    config: {
      font: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
      aria: false,
      view: { stroke: null },
      axis: {
        labelFontSize: FONT_SIZE,
        labelColor: 'var(--muted,#595959)',
        gridColor: 'var(--grid,#e3e3e3)',
        domainColor: 'var(--rule,#8c8c8c)',
        tickColor: 'var(--rule,#8c8c8c)',
        labelOverlap: false,
        labelLimit: 0,
        labelPadding: 6,
        tickSize: 4,
      },
    },
  };
}
