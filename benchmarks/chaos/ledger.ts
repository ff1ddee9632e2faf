import { isDeepStrictEqual } from 'node:util';
import type { StudyEvent } from '@fleetune/core';

/** What the program of one attempt wrote down by itself. */
export interface ProgramRun {
  trial: number;
  attempt: number;
  beganMs: number;
  /** How often it was begun: more than once is a fault. */
  begins: number;
  /** Absent: it did not come to its end. */
  ended?: { atMs: number; value: number };
}

/** Lines of `begin TRIAL ATTEMPT MS` and `end TRIAL ATTEMPT MS VALUE`. */
export function readLedger(text: string): ProgramRun[] {
  const runs = new Map<string, ProgramRun>();
  for (const line of text.split('\n')) {
    const [word, ...rest] = line.split(' ');
    const [trial = NaN, attempt = NaN, atMs = NaN, value = NaN] = rest.map(Number);
    const key = `${trial}.${attempt}`;
    const run = runs.get(key);
    if (word === 'begin' && run === undefined) {
      runs.set(key, { trial, attempt, beganMs: atMs, begins: 1 });
    } else if (word === 'begin') run!.begins += 1;
    else if (word === 'end' && run !== undefined) run.ended = { atMs, value };
  }
  return [...runs.values()];
}

export interface Verdict {
  /** Events that a client was shown and that the log does not have, and trials without a result. */
  lost: string[];
  /** Trials that ended more than once, attempts that were begun more than once, results that no program gave. */
  wrong: string[];
  /** The attempts whose result counts, as their programs saw them. */
  counted: Required<ProgramRun>[];
}

/** Compares the log of a study whose trials have all ended with what programs and clients saw. */
export function judge(
  log: readonly StudyEvent[],
  runs: readonly ProgramRun[],
  seen: readonly StudyEvent[],
): Verdict {
  const verdict: Verdict = { lost: [], wrong: [], counted: [] };
  const byId = new Map(log.map((event) => [event.id, event]));
  for (const event of seen) {
    if (isDeepStrictEqual(byId.get(event.id), event)) continue;
    verdict.lost.push(`event ${event.id}, ${event.kind}`);
  }
  for (const { trial, attempt, begins } of runs) {
    if (begins > 1) verdict.wrong.push(`attempt ${trial}.${attempt} was begun ${begins} times`);
  }
  const byAttempt = new Map(runs.map((run) => [`${run.trial}.${run.attempt}`, run]));
  for (const [trial, events] of trialsOf(log)) {
    const results = events.filter(({ kind }) => kind === 'trial-ended');
    if (results.length === 0) verdict.lost.push(`trial ${trial} has no result`);
    if (results.length > 1) verdict.wrong.push(`trial ${trial} ended ${results.length} times`);
    const completed = events.filter(isCompleted);
    if (completed.length > 1) verdict.wrong.push(`trial ${trial} counts several attempts`);
    const [attempt] = completed;
    const run = attempt && byAttempt.get(`${trial}.${attempt.attempt}`);
    const [result] = results;
    if (result?.kind !== 'trial-ended') continue;
    if (run?.ended === undefined || run.ended.value !== result.value) {
      verdict.wrong.push(`trial ${trial}: no program gave ${result.value}`);
    } else {
      verdict.counted.push({ ...run, ended: run.ended });
    }
  }
  return verdict;
}

function trialsOf(log: readonly StudyEvent[]): Map<number, StudyEvent[]> {
  const trials = new Map<number, StudyEvent[]>();
  for (const event of log) {
    if (event.kind === 'trial-created') trials.set(event.trial, []);
    else if ('trial' in event) trials.get(event.trial)?.push(event);
  }
  return trials;
}

function isCompleted(event: StudyEvent): event is StudyEvent & { kind: 'attempt-ended' } {
  return event.kind === 'attempt-ended' && event.end === 'completed';
}

/** Of the slots' time between two moments, the percentage that went into results that count. */
export function usefulPercent(
  counted: readonly Required<ProgramRun>[],
  { fromMs, toMs, slots }: { fromMs: number; toMs: number; slots: number },
): number {
  const useful = counted.reduce((sum, { beganMs, ended }) => {
    const overlap = Math.min(toMs, ended.atMs) - Math.max(fromMs, beganMs);
    return sum + Math.max(0, overlap);
  }, 0);
  return (100 * useful) / (slots * (toMs - fromMs));
}
