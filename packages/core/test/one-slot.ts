// Short words for examples: one worker `w`, trials by number, live attempts unless said otherwise.

import { nextWork, type AttemptEnd, type StudySpec, type WireNumber } from '../index.ts';
import { studyDriver, suggestionOf, type StudyDriver } from './study-driver.ts';

export interface Bench extends StudyDriver {
  /** Starts what is next; returns its trial. */
  start(x?: number, sampler?: string): number;
  /** Reports losses at steps from..; the rows follow those that arrived. */
  report(trial: number, losses: (WireNumber | null)[], steps?: number[]): string | undefined;
  end(trial: number, end: AttemptEnd, more?: { why?: string; tail?: string[] }): string | undefined;
  /** Kinds of the events since the last call, with what matters of each. */
  fresh(): string[];
}

export function bench(spec: StudySpec, slots = 4, keepGoing = false): Bench {
  const driver = studyDriver(spec);
  let seen = 0;
  driver.send({ kind: 'start-run', slots, keepGoing });
  driver.send({ kind: 'worker-joined', worker: 'w', host: 'h', pid: 1, slots });
  const metric = spec.objective.metric;
  const made = {
    start(x = 0.5, sampler = 'random') {
      const next = nextWork(driver.state, driver.now, 'w');
      const suggestion = suggestionOf(x, sampler);
      const refused = driver.send({ kind: 'start-attempt', worker: 'w', suggestion });
      if (refused !== undefined) throw new Error(refused);
      return 'trial' in next ? next.trial : -1;
    },
    report(trial: number, losses: (WireNumber | null)[], steps?: number[]) {
      const record = driver.state.trials[trial]!;
      const from = record.attempts.at(-1)!.rows;
      const step = steps ?? losses.map((_, i) => from + i + 1);
      const columns = { step, metrics: { [metric]: losses } };
      const attempt = record.attempts.length;
      return driver.send({ kind: 'report', items: [{ trial, attempt, from, columns }] });
    },
    end(trial: number, end: AttemptEnd, more: { why?: string; tail?: string[] } = {}) {
      const attempt = driver.state.trials[trial]!.attempts.length;
      return driver.send({ kind: 'end-attempt', trial, attempt, end, ...more });
    },
    fresh() {
      const events = driver.log.slice(seen);
      seen = driver.log.length;
      return events.map((event) => {
        if (event.kind === 'attempt-ended') return `${event.trial} attempt ${event.end}`;
        if (event.kind === 'trial-ended') return `${event.trial} ${event.state}`;
        if (event.kind === 'stop-requested') return `${event.trial} stop as ${event.as}`;
        if (event.kind === 'rung-reached')
          return `${event.trial} rung ${event.rung} ${event.decision}`;
        return 'trial' in event ? `${event.trial} ${event.kind}` : event.kind;
      });
    },
  };
  return Object.assign(driver, made);
}
