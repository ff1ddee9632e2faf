import type { Program } from '@fleetune/protocol';
import type { MetricRows } from '../metrics/metric-row.ts';
import type { Interruption, Outcome } from '../runner.ts';
import { outOfMemoryText, type OomWatch } from './out-of-memory.ts';

export interface Ending {
  program: Program;
  code: number | null;
  signal: NodeJS.Signals | null;
  interruption: Interruption | TimeOut | undefined;
  rows: Pick<MetricRows, 'finite' | 'seen' | 'odd'>;
  tail: string[];
  oom: OomWatch;
}

export interface TimeOut {
  end: 'timed-out';
  why: string;
}

export type Verdict = Pick<Outcome, 'end' | 'why' | 'exit' | 'tail'>;

const NO_FAILURE = new Set<Outcome['end']>(['completed', 'stopped', 'paused', 'preempted']);

/** What the end of a process means, with what the user needs to see when it is a failure. */
export function verdict(ending: Ending): Verdict {
  const { code, signal, tail } = ending;
  const exit = { ...(code !== null && { code }), ...(signal !== null && { signal }) };
  const { end, why } = ending.interruption ?? classify(ending);
  return { end, why: why.slice(0, 1000), exit, ...(!NO_FAILURE.has(end) && { tail }) };
}

function classify(ending: Ending): Pick<Verdict, 'end' | 'why'> {
  const { code, signal, tail, oom } = ending;
  if (code === 0) return classifySuccess(ending);
  const said = signal === null ? `exited with ${code}` : `was killed by ${signal}`;
  const text = outOfMemoryText(tail);
  if (text !== undefined) {
    return { end: 'out-of-memory', why: `${said} out of memory: ${text.trim().slice(0, 200)}` };
  }
  // A shell says 128 + 9 when its program was killed.
  if (signal !== 'SIGKILL' && code !== 137) return { end: 'crashed', why: said };
  if (oom.rose()) {
    return { end: 'out-of-memory', why: `${said}: the kernel ended it for lack of memory` };
  }
  if (code === 137) return { end: 'crashed', why: said };
  const why = 'was killed by SIGKILL from outside, with no sign that memory was short';
  return { end: 'lost', why };
}

function classifySuccess({ program, rows }: Ending): Pick<Verdict, 'end' | 'why'> {
  if (rows.finite > 0) return { end: 'completed', why: 'exited with 0' };
  const objective = program.kept[0]!;
  if (rows.seen > 0) {
    const times = rows.seen === 1 ? 'once' : `${rows.seen} times`;
    const why = `exited with 0, reported "${objective}" ${times}, but never as a finite number`;
    return { end: 'invalid-metric', why };
  }
  const odd = rows.odd === undefined ? '' : `; its last value was no number: ${rows.odd}`;
  const why = `exited with 0 but never reported "${objective}": ${lookedFor(program)}${odd}`;
  return { end: 'invalid-metric', why };
}

function lookedFor({ metrics, kept }: Program): string {
  const objective = kept[0]!;
  if (metrics.from === 'stdout-json') {
    return `looked for lines on stdout such as {"${objective}": 0.9}, and for reports of a client`;
  }
  if (metrics.from === 'file')
    return `looked for lines such as {"${objective}": 0.9} in ${metrics.path}`;
  const pattern = metrics.patterns[objective];
  return pattern === undefined
    ? `metrics.regex has no pattern of that name`
    : `looked for /${pattern}/ in its output`;
}
