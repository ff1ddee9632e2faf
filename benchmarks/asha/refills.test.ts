import type { StudyEvent, StudyEventBody } from '@fleetune/core';
import { expect, it } from 'vitest';
import { refills } from './refills.ts';

function started(trial: number, slot: number, attempt = 1): StudyEventBody {
  return { kind: 'attempt-started', v: 1, trial, attempt, worker: 'w', slot };
}

function decided(trial: number, decision: 'stop' | 'continue'): StudyEventBody {
  const reason = { code: 'c', text: 't' };
  const where = { rung: 0, step: 1, loss: 1, attempt: 1 };
  return { kind: 'rung-reached', v: 1, trial, decision, reason, ...where };
}

function log(...events: [at: number, body: StudyEventBody][]): StudyEvent[] {
  return events.map(([at, body], index) => ({ id: index + 1, at, ...body }));
}

it('a refill lasts from the decision to the begin of the next trial on that slot', () => {
  const events = log(
    [0, started(0, 0)],
    [0, started(1, 1)],
    [50, decided(1, 'continue')],
    [100, decided(0, 'stop')],
    [101, started(2, 0)],
    [130, decided(1, 'stop')],
    [131, started(3, 1)],
    // The last one of its slot.
    [200, decided(3, 'stop')],
  );
  const begins = [0, 0, 104, 137].map((atMs, trial) => ({ trial, attempt: 1, atMs }));
  expect(refills(events, begins)).toEqual([4, 7]);
});

it('a reserve that was given back counts where it began', () => {
  const events = log(
    [0, started(0, 0)],
    [0, started(1, 1)],
    [10, started(2, 0)],
    [50, decided(1, 'stop')],
    [51, started(2, 1, 2)],
    [100, decided(0, 'stop')],
    [101, started(3, 0)],
  );
  const begins = [
    { trial: 0, attempt: 1, atMs: 0 },
    { trial: 1, attempt: 1, atMs: 0 },
    { trial: 2, attempt: 2, atMs: 53 },
    { trial: 3, attempt: 1, atMs: 104 },
  ];
  expect(refills(events, begins)).toEqual([3, 4]);
});
