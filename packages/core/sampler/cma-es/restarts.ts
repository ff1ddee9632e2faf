// Where the next run begins, and how many samples its generations have.
// Auger & Hansen: "A restart CMA evolution strategy with increasing population size", CEC 2005
// (IPOP); Hansen: "Benchmarking a BI-population CMA-ES on the BBOB-2009 function testbed" (BIPOP).

import type { RandomStream } from '../../numerics/random-stream.ts';
import type { Encoding } from '../encoding.ts';
import { startByPriors, type Start } from './warm-start.ts';

export type RestartRule = 'bipop' | 'ipop';

export interface Restarts {
  /** Of the first run. */
  readonly lambda: number;
  /** Of the last run with many samples. */
  large: number;
  /** Trials of that run. */
  largeSpent: number;
  /** Trials of runs with many and with few samples; the first run is neither. */
  readonly spent: { large: number; small: number };
  regime: 'first' | 'large' | 'small';
}

export function newRestarts(lambda: number): Restarts {
  return { lambda, large: lambda, largeSpent: 0, spent: { large: 0, small: 0 }, regime: 'first' };
}

/** Doubling ends here: generations would outlast every study. */
const DOUBLINGS = 9;

export interface Restart {
  start: Start;
  lambda: number;
  /** Trials after which the run is over in any case. */
  limit: number;
}

export function nextStart(
  restarts: Restarts,
  ended: { spent: number },
  given: { encoding: Encoding; rule: RestartRule; width: number; stream: RandomStream },
): Restart {
  const { encoding, rule, width, stream } = given;
  const { spent, lambda } = restarts;
  if (restarts.regime !== 'first') spent[restarts.regime] += ended.spent;
  if (restarts.regime === 'large') restarts.largeSpent = ended.spent;
  const mean = Float64Array.from(encoding.numbers, () => stream.next());
  if (rule === 'ipop' || spent.large <= spent.small) {
    restarts.regime = 'large';
    restarts.large = Math.min(2 * restarts.large, lambda * 2 ** DOUBLINGS);
    const start = { ...startByPriors(encoding, width), mean };
    return { start, lambda: restarts.large, limit: Infinity };
  }
  restarts.regime = 'small';
  const narrow = width * 10 ** (-2 * stream.next());
  const power = stream.next() ** 2;
  const few = Math.floor(lambda * (restarts.large / (2 * lambda)) ** power);
  const start = { ...startByPriors(encoding, narrow), mean };
  // A small run that still gets on would otherwise take what the next large one is due.
  return { start, lambda: Math.max(lambda, few), limit: restarts.largeSpent / 2 };
}
