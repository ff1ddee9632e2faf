import type { Parameter } from '../space/study-spec.ts';

/**
 * A numeric parameter as models see it: in ln for a log one, half a step wider on both sides when
 * it has steps.
 */
export interface Scale {
  from: number;
  to: number;
  log: boolean;
  /** Distance of neighbouring values; 0 for a continuous parameter. */
  step: number;
  /**
   * The user's prior on this scale (`mean` is a value of the parameter, `sd` is a width on the
   * scale); else the middle and the whole width.
   */
  mean: number;
  sd: number;
}

/**
 * The scale of a float or int, and of an ordinal by index; undefined for kinds without an order.
 */
export function scaleOf(parameter: Parameter): Scale | undefined {
  if (parameter.type === 'ordinal') return scale(0, parameter.choices.length - 1, 1, false);
  if (parameter.type !== 'float' && parameter.type !== 'int') return undefined;
  const { low, high, step = 0, log, prior } = parameter;
  const plain = scale(low, high, step, log);
  if (prior === undefined) return plain;
  return { ...plain, mean: log ? Math.log(prior.mean) : prior.mean, sd: prior.sd };
}

function scale(low: number, high: number, step: number, log: boolean): Scale {
  const onScale = log ? Math.log : (x: number) => x;
  const from = onScale(low - step / 2);
  const to = onScale(high + step / 2);
  return { from, to, log, step, mean: 0.5 * (from + to), sd: to - from };
}
