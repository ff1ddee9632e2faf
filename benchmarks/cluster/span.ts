import { greedySchedule } from './sleeps.ts';

/** When a trial ran, on one clock for all trials of a study. */
export interface Span {
  trial: number;
  startMs: number;
  endMs: number;
}

/** One tuner's work on the sleeps. */
export interface Sleeping {
  spans: Span[];
  /** Start of the tuner's process → start of the first trial. */
  startUpMs: number;
}

/**
 * The greedy schedule of the trials that ran, as a percentage of the time from the first start to
 * the last end.
 */
export function shareOfGreedy(spans: readonly Span[], sleeps: readonly number[], slots: number) {
  const ran = spans.map(({ trial }) => trial).toSorted((a, b) => a - b);
  const greedyMs =
    1000 *
    greedySchedule(
      ran.map((trial) => sleeps[trial]!),
      slots,
    );
  const first = Math.min(...spans.map(({ startMs }) => startMs));
  const last = Math.max(...spans.map(({ endMs }) => endMs));
  return (100 * greedyMs) / (last - first);
}

/** Lines of `TRIAL START END`, in seconds, as each trial appends them when it ends. */
export function readSpans(log: string): Span[] {
  const lines = log.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [trial = NaN, start = NaN, end = NaN] = line.split(' ').map(Number);
    return { trial, startMs: 1000 * start, endMs: 1000 * end };
  });
}
