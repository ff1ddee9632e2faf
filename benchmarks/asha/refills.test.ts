import type { StudyEvent, StudyEventBody } from '@fleetune/core';
import { expect, it } from 'vitest';
import { refills } from './refills.ts';

function started(trial: number, slot: number): StudyEventBody {
  return { kind: 'attempt-started', v: 1, trial, attempt: 1, worker: 'w', slot };
}

function decided(trial: number, decision: 'stop' | 'continue'): StudyEventBody {
  const reason = { code: 'c', text: 't' };
  const where = { rung: 0, step: 1, loss: 1, attempt: 1 };
  return { kind: 'rung-reached', v: 1, trial, decision, reason, ...where };
}

function log(...events: [at: number, body: StudyEventBody][]): StudyEvent[] {
  return events.map(([at, body], index) => ({ id: index + 1, at, ...body }));
}

it('a refill lasts from the decision to the start of the next trial on that slot', () => {
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
  const began = new Map([0, 0, 104, 137].map((at, trial) => [trial, at]));
  expect(refills(events, began)).toEqual([4, 7]);
});

it('a trial that was in reserve before the decision counts from the decision', () => {
  const events = log([0, started(0, 0)], [10, started(1, 0)], [100, decided(0, 'stop')]);
  expect(refills(events, new Map([[1, 103]]))).toEqual([3]);
});
