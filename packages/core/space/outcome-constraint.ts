import type { OutcomeConstraint } from './study-spec.ts';

/** `latency_ms <= 20`: a metric, a comparison, a number. */
export const outcomePattern =
  '^\\s*[^\\s<>=][^\\n<>=]{0,199}(<=|>=)\\s*[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]{1,3})?\\s*$';

/** A text that fits `outcomePattern`. */
export function parseOutcomeConstraint(text: string): OutcomeConstraint {
  const [, metric, comparison, bound] = /^(.*?)(<=|>=)(.*)$/.exec(text)!;
  return {
    metric: metric!.trim(),
    is: comparison === '<=' ? 'at-most' : 'at-least',
    bound: Number(bound),
  };
}

/** As people write it. */
export function outcomeConstraintText({ metric, is, bound }: OutcomeConstraint): string {
  return `${metric} ${is === 'at-most' ? '<=' : '>='} ${bound}`;
}
