/** What a declared metric is made of. */

/** What a metric is. */
export interface MetricDeclaration {
  readonly name: string;
  /** SI unit of the value in results; '' for a number or ratio. */
  readonly unit: 's' | 'B/s' | '1/s' | 'B' | '';
  readonly better: 'higher' | 'lower' | 'neither';
  readonly sentence: string;
}

/** Declares a metric in one line of a table. */
export const metric = (
  name: string,
  unit: MetricDeclaration['unit'],
  better: MetricDeclaration['better'],
  sentence: string,
): MetricDeclaration => ({ name, unit, better, sentence });
