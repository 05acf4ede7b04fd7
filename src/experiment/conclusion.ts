/** Whether what a workload concludes holds in a run, and its paragraph with the run's figures. */
import type { Claim, Conclusion } from '../workload/conclusion.js';
import type { Comparator, Expression } from '../workload/expression.js';
import { formatQuantity } from '../workload/format.js';
import { pointMetric } from './baseline.js';
import type { ResultConclusion, ResultPoint } from './results.js';

const HOLDS: Record<Comparator, (left: number, right: number) => boolean> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '==': (left, right) => left === right,
};

/** A point of the run by its key. */
type FindPoint = (key: string) => ResultPoint | undefined;

/** Judges a conclusion by the means of a run. A figure that could not be measured does not keep its claim. */
export function judgeConclusion(conclusion: Conclusion, find: FindPoint): ResultConclusion {
  const value = (expression: Expression): number | null => evaluate(expression, find);
  return {
    says:
      conclusion.says
        ?.map((part) => (typeof part === 'string' ? part : figure(part, value(part))))
        .join('') ?? null,
    holds: conclusion.holds.map(({ text, comparison }: Claim) => {
      if (comparison === null) return { text, sides: [], unit: '', held: null };
      const sides = comparison.sides.map(value);
      const held = comparison.comparators.every((comparator, i) => {
        const [left, right] = [sides[i]!, sides[i + 1]!];
        return left !== null && right !== null && HOLDS[comparator](left, right);
      });
      return { text, sides, unit: comparison.sides[0]!.unit, held };
    }),
  };
}

function evaluate(expression: Expression, find: FindPoint): number | null {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'metric': {
      const point = find(expression.point);
      return (point && pointMetric(point, expression.metric)?.mean) ?? null;
    }
    case 'operation': {
      const left = evaluate(expression.left, find);
      const right = evaluate(expression.right, find);
      return left === null || right === null ? null : operate(expression.operator, left, right);
    }
  }
}

function operate(operator: '+' | '-' | '*' | '/', left: number, right: number): number | null {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  return right === 0 ? null : left / right;
}

/** Three significant digits, as in the table. */
function figure({ unit }: Expression, value: number | null): string {
  return formatQuantity(unit === '' && value !== null ? Number(value.toPrecision(3)) : value, unit);
}
