// Bugs that are planted to see whether they are found. A canary is a change of the production code's text, made while
// it is loaded: what runs is that code with that bug, and nothing of it stays.

export interface Canary {
  name: string;
  /** Whose checker has to find it. */
  promise: string;
  changes: readonly Change[];
}

export interface Change {
  /** Below packages/. */
  file: string;
  /** Occurs there once, or the canary is no longer one. */
  was: string;
  becomes: string;
}

const DISPATCHER = 'coordinator/dispatcher';

export const canaries: readonly Canary[] = [
  {
    name: 'the epoch of a worker is not checked',
    promise: 'no-program-starts-twice',
    changes: [
      {
        file: `${DISPATCHER}/dispatcher.ts`,
        was: 'if (worker.incarnation !== request.incarnation) {',
        becomes: 'if (false) {',
      },
    ],
  },
  {
    name: 'the number of an attempt is not checked',
    promise: 'nothing-breaks',
    changes: [
      {
        file: `${DISPATCHER}/worker-table.ts`,
        was: 'occupant.trial === trial && occupant.attempt === attempt;',
        becomes: 'occupant.trial === trial && attempt > 0;',
      },
      {
        file: 'core/study/decide-report.ts',
        was: 'live === undefined || trial.attempts.length !== attempt',
        becomes: 'live === undefined',
      },
      {
        file: 'core/study/decide-end.ts',
        was: 'const attempt = trial.attempts[attemptNumber - 1];',
        becomes: 'const attempt = trial.attempts.at(-1);',
      },
    ],
  },
  {
    name: 'answers leave before the commit',
    promise: 'acknowledged-is-durable',
    changes: [
      {
        file: `${DISPATCHER}/dispatcher.ts`,
        was: 'tellNews(state);\n  await commitAll(state);',
        becomes: 'tellNews(state);\n  commitAll(state).catch(() => undefined);',
      },
    ],
  },
  {
    name: 'a lease never expires',
    promise: 'every-study-ends',
    changes: [
      {
        file: `${DISPATCHER}/leases.ts`,
        was: 'return lose(state, worker);',
        becomes: 'renewLease(state, worker);',
      },
    ],
  },
  {
    name: 'reports that are known already are taken again',
    promise: 'nothing-breaks',
    changes: [
      {
        file: 'core/study/decide-report.ts',
        was: 'if (seen >= item.columns.step.length) return undefined;\n  if (seen === 0) return item;',
        becomes: 'if (seen >= 0) return item;',
      },
    ],
  },
  {
    name: 'an end that is known already is taken again',
    promise: 'nothing-breaks',
    changes: [
      {
        file: 'core/study/decide-end.ts',
        was: 'if (attempt !== undefined && sameEnd(attempt, command)) return { events: [] };',
        becomes: '',
      },
      {
        file: 'core/study/decide-end.ts',
        was: 'attempt === undefined || attempt !== liveAttempt(trial)',
        becomes: 'attempt === undefined',
      },
    ],
  },
  {
    name: 'a waiting slot is not woken',
    promise: 'no-slot-idles',
    changes: [
      {
        file: `${DISPATCHER}/polls.ts`,
        was: 'if (free.some((slot) => isEmpty(worker, slot))) state.idle.add(worker);',
        becomes: '',
      },
    ],
  },
  {
    name: 'the budget is one too large after a retry',
    promise: 'the-trial-budget-holds',
    changes: [
      {
        file: 'core/study/next-work.ts',
        was: 'trialsUsed(state) >= trials)',
        becomes: 'trialsUsed(state) >= trials + (state.failures.crashed ? 1 : 0))',
      },
    ],
  },
  {
    name: 'the ledger has a gap',
    promise: 'the-ledger-sums-up',
    changes: [
      {
        file: 'core/study/ledger.ts',
        was: 'totals[rest] += left;',
        becomes: 'totals[rest] += Math.max(0, left - 1);',
      },
    ],
  },
  {
    name: 'a completed trial is tried again',
    promise: 'trials-live-once',
    changes: [
      {
        file: 'core/study/decide-revision.ts',
        was: "['failed', 'stopped', 'infeasible']",
        becomes: "['failed', 'stopped', 'infeasible', 'completed']",
      },
    ],
  },
  {
    name: 'a snapshot forgets its trials',
    promise: 'the-replay-is-the-view',
    changes: [
      {
        file: 'coordinator/snapshot-schedule.ts',
        was: 'const lines = [...changedLines(touched)];',
        becomes: 'const lines = [...changedLines(touched)].slice(0, 1);',
      },
    ],
  },
  {
    name: 'a worker begins again what it is sent twice',
    promise: 'no-program-starts-twice',
    changes: [
      {
        file: 'worker/slots.ts',
        was: "mark('attempt-known');\n    return;",
        becomes: "mark('attempt-known');",
      },
    ],
  },
  {
    name: 'one more goes on from a rung',
    promise: 'promotions-are-lawful',
    changes: [
      {
        file: 'core/scheduler/asha/asha.ts',
        was: 'Math.max(1, Math.ceil(n / eta))',
        becomes: 'Math.max(2, Math.ceil(n / eta))',
      },
    ],
  },
  {
    name: 'the second lost attempt fails its trial',
    promise: 'retries-are-lawful',
    changes: [
      {
        file: 'core/study/settle.ts',
        was: 'const POISON = 3;',
        becomes: 'const POISON = 2;',
      },
    ],
  },
  {
    name: 'there is one retry too many',
    promise: 'retries-are-lawful',
    changes: [
      {
        file: 'core/study/settle.ts',
        was: '(trial.used?.[end] ?? 0) < (spec.retries[end] ?? 0)',
        becomes: '(trial.used?.[end] ?? 0) <= (spec.retries[end] ?? 0)',
      },
    ],
  },
  {
    name: 'a target counts at any fidelity',
    promise: 'runs-end-for-a-cause',
    changes: [
      {
        file: 'core/study/next-work.ts',
        was: 'if (lead === undefined || lead.level !== state.standing.levels.length - 1) return undefined;',
        becomes: 'if (lead === undefined) return undefined;',
      },
    ],
  },
  {
    name: 'a program that has reported is taken for broken',
    promise: 'runs-end-for-a-cause',
    changes: [
      {
        file: 'core/study/next-work.ts',
        was: 'if (!keepGoing && !start.reported && start.ended',
        becomes: 'if (!keepGoing && start.ended',
      },
    ],
  },
  {
    name: 'the median rule stops whoever is behind the best',
    promise: 'the-median-rule-holds',
    changes: [
      {
        file: 'core/scheduler/median/median.ts',
        was: 'return best > middleOf(table)',
        becomes: 'return best > table.at(0)',
      },
    ],
  },
  {
    name: 'a grid begins again at its first point',
    promise: 'a-grid-visits-each-point-once',
    changes: [
      {
        file: 'core/sampler/grid/grid.ts',
        was: '} else if (isUsed(history, coordinates)) {',
        becomes: '} else if (false) {',
      },
    ],
  },
  {
    name: 'a worker is put into quarantine after two trials',
    promise: 'held-workers-get-nothing',
    changes: [
      {
        file: 'core/study/circuit-breaker.ts',
        was: 'const TRIALS = 3;',
        becomes: 'const TRIALS = 2;',
      },
    ],
  },
  {
    name: 'the worst leads',
    promise: 'the-best-is-the-best',
    changes: [
      {
        file: 'core/study/standing.ts',
        was: 'return lossA < lossB ||',
        becomes: 'return lossA > lossB ||',
      },
    ],
  },
  {
    name: 'a beaten trial stays on the front',
    promise: 'the-best-is-the-best',
    changes: [
      {
        file: 'core/study/front.ts',
        was: 'state.front = front.filter((_, index) => !dominates(losses, others[index]!));',
        becomes: 'state.front = [...front];',
      },
    ],
  },
  {
    name: 'the end of the time budget stops nothing',
    promise: 'the-time-budget-holds',
    changes: [
      {
        file: 'coordinator/study-run.ts',
        was: "host.apply({ kind: 'tick' });",
        becomes: '',
      },
    ],
  },
];
