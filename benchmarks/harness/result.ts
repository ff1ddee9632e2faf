import assert from 'node:assert/strict';
import type { Measured } from './bench.ts';

/** One line of `./dev bench --json`. */
export interface Result {
  bench: string;
  case: string;
  value: number;
  unit: string;
  better: 'lower' | 'higher';
  /** Null: shown beside a figure that has a goal. */
  goal: number | null;
  met: boolean | null;
  peers: Record<string, number>;
  /** What the machine itself allows, measured in the same runs; null where nobody measured it. */
  floor: number | null;
  /** Our value divided by the best peer's; null without a peer. */
  ratio: number | null;
  runs: number;
  machine: string;
  /** Of the processors' time since the bench began, given to others by the machine below; null where nobody counts it. */
  stealPercent: number | null;
}

export function result(
  bench: string,
  measured: Measured,
  { machine, stealPercent }: Pick<Result, 'machine' | 'stealPercent'>,
): Result {
  const { value, unit, better, goal, peers = {}, floor, runs } = measured;
  // The median of no run is NaN.
  assert(Number.isFinite(value), `${bench}: "${measured.case}" is no figure: ${value}`);
  const others = Object.values(peers);
  const best = better === 'lower' ? Math.min(...others) : Math.max(...others);
  return {
    bench,
    case: measured.case,
    value: rounded(value),
    unit,
    better,
    goal: goal ?? null,
    met: goal === undefined ? null : better === 'lower' ? value <= goal : value >= goal,
    peers: Object.fromEntries(
      Object.entries(peers).map(([name, figure]) => [name, rounded(figure)]),
    ),
    floor: floor === undefined ? null : rounded(floor),
    ratio: others.length === 0 ? null : rounded(value / best),
    runs,
    machine,
    stealPercent,
  };
}

/** `ok    first-trial   help                   84.2 ms   goal ≤ 150   (15 runs)`. */
export function row(line: Result): string {
  const sign = line.better === 'lower' ? '≤' : '≥';
  const peers = Object.entries(line.peers).map(([name, value]) => `; ${name}: ${value}`);
  const floor = line.floor === null ? '' : `; bare: ${line.floor}`;
  const stolen = (line.stealPercent ?? 0) >= 1 ? `; ${line.stealPercent} % stolen` : '';
  return [
    line.met === null ? '    ' : line.met ? 'ok  ' : 'MISS',
    line.bench.padEnd(19),
    line.case.padEnd(34),
    `${line.value} ${line.unit}`.padStart(18),
    (line.goal === null ? '' : `  goal ${sign} ${line.goal}`).padEnd(14),
    `(${line.runs} runs${peers.join('')}${floor}${stolen})`,
  ].join(' ');
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
