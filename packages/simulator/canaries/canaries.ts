// Bugs that are planted to see whether they are found. A canary is a change of the production code's text, made while
// it is loaded: what runs is that code with that bug, and nothing of it stays.

export interface Canary {
  name: string;
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
    changes: [
      {
        file: `${DISPATCHER}/worker-table.ts`,
        was: 'return `${item.trial}.${item.attempt}.${item.study}`;',
        becomes: 'return `${item.trial}.${item.study}`;',
      },
      {
        file: 'core/study/decide-report.ts',
        was: 'live === undefined || trial.attempts.length !== attempt',
        becomes: 'live === undefined',
      },
    ],
  },
  {
    name: 'answers leave before the commit',
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
    changes: [
      {
        file: 'worker/slots.ts',
        was: "mark('attempt-known');\n    return false;",
        becomes: "mark('attempt-known');\n    return true;",
      },
    ],
  },
  {
    name: 'one more goes on from a rung',
    changes: [
      {
        file: 'core/scheduler/asha/asha.ts',
        was: 'Math.max(1, Math.ceil(n / eta))',
        becomes: 'Math.max(2, Math.ceil(n / eta))',
      },
    ],
  },
  {
    name: 'there is one retry too many',
    changes: [
      {
        file: 'core/study/settle.ts',
        was: '(trial.used?.[end] ?? 0) < (spec.retries[end] ?? 0)',
        becomes: '(trial.used?.[end] ?? 0) <= (spec.retries[end] ?? 0)',
      },
    ],
  },
];
