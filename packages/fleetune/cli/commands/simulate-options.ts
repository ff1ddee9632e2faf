import { fail, parseDuration } from '@fleetune/core';
import type { Cluster, Durations } from '@fleetune/simulator/prediction';
import type { Invocation } from '../manual/page.ts';
import { countOption, textOption } from './option.ts';

type Options = Invocation['options'];

/** So many workers times slots; more would need more memory than most machines have. */
const MOST_SLOTS = 100_000;

export function clusterOption(options: Options): Cluster {
  const workers = countOption(options, 'workers', 1, MOST_SLOTS);
  if (workers === undefined) {
    const problem = 'say how many workers the cluster has: --workers 500';
    throw fail('cli.usage', '--workers', { problem, command: 'simulate' });
  }
  const slots = countOption(options, 'slots', 1, 10_000) ?? 1;
  if (workers * slots > MOST_SLOTS) {
    throw fail('simulate.cluster', '--workers', { workers, slots, most: MOST_SLOTS });
  }
  return { workers, slots, deathsPerHour: failuresOption(options)?.perHour ?? 0 };
}

/** The same cluster with a quarter to four times as many workers, as far as these are clusters. */
export function scaled(cluster: Cluster): Cluster[] {
  const counts = [1 / 4, 1 / 2, 1, 2, 4].map((scale) => Math.round(cluster.workers * scale));
  return [...new Set(counts)]
    .filter((workers) => workers >= 1 && workers * cluster.slots <= MOST_SLOTS)
    .map((workers) => ({ ...cluster, workers }));
}

/** `measured`, or a distribution; absent: not said. */
export function durationsOption(options: Options): 'measured' | Durations | undefined {
  const text = textOption(options, 'durations');
  if (text === undefined || text === 'measured') return text;
  const [, median = '', deviation = ''] = /^lognormal:([^,]+),(.+)$/.exec(text) ?? [];
  const medianMs = parseDuration(median) ?? 0;
  const sigma = /^\d*\.?\d+$/.test(deviation) ? Number(deviation) : NaN;
  if (medianMs > 0 && sigma >= 0 && sigma <= 5) return { medianMs, sigma };
  throw fail('input.value', '--durations', {
    expected: '"measured", or lognormal:MEDIAN,SIGMA such as lognormal:5m,0.5 with SIGMA up to 5',
    got: JSON.stringify(text),
  });
}

const UNITS: Record<string, { hours: number; name: string }> = {
  m: { hours: 1 / 60, name: 'a minute' },
  h: { hours: 1, name: 'an hour' },
  d: { hours: 24, name: 'a day' },
};

interface Failures {
  /** Deaths of a worker in an hour, on average. */
  perHour: number;
  /** As a person said it: `1 % die an hour`. */
  words: string;
}

/** A share p of all is dead after the time t at the rate -ln(1 - p) / t. */
export function failuresOption(options: Options): Failures | undefined {
  const text = textOption(options, 'failures');
  if (text === undefined) return undefined;
  const [, percent = '', letter = ''] = /^(\d*\.?\d+)\s*%\/([mhd])$/.exec(text) ?? [];
  const unit = UNITS[letter];
  if (unit !== undefined && Number(percent) < 100) {
    const perHour = -Math.log(1 - Number(percent) / 100) / unit.hours;
    return { perHour, words: `${Number(percent)} % die ${unit.name}` };
  }
  throw fail('input.value', '--failures', {
    expected: 'a share below 100% of the workers per m, h or d, such as 1%/h',
    got: JSON.stringify(text),
  });
}

/** Of one slot-hour. */
export function priceOption(options: Options): number | undefined {
  const text = textOption(options, 'price');
  if (text === undefined) return undefined;
  const [, amount = ''] = /^(\d*\.?\d+)(?:\/h)?$/.exec(text) ?? [];
  if (amount !== '') return Number(amount);
  throw fail('input.value', '--price', {
    expected: 'the price of a slot-hour, such as 2.5/h',
    got: JSON.stringify(text),
  });
}
