import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StudyEvent } from '@fleetune/core';
import type { Append, Store, TrialRow } from '../store.ts';
import { sampleAppend, sampleEvent, sampleSpec, sampleTrial } from './samples.ts';
import type { StorePlace } from './store-contract.ts';
import { withPlace } from './with-place.ts';

export function appendContract(place: () => Promise<StorePlace>): void {
  const it = (title: string, body: (place: StorePlace) => Promise<void> | void) =>
    test(title, withPlace(place, body));
  const newStudy = (store: Store) => store.createStudy('s', sampleSpec, 0).id;

  const linesOf = (text: string, lines: number[]) =>
    lines.map((line) => ({ line, head: `${text}${line}`, trials: `trials of ${text}${line}` }));
  const trialsOf = (store: Store, id: number, event: number) =>
    [0, 1, 2].map((line) => store.snapshotTrials(id, line, event));

  describe('append', () => {
    it('keeps every event as it was, in the order of ids', async ({ open }) => {
      const store = open();
      const id = newStudy(store);
      await store.append(() => sampleAppend(id, 1, 5));
      await store.append(() => sampleAppend(id, 6));
      expect([...store.events(id, 0)]).toEqual([1, 2, 3, 4, 5, 6].map(sampleEvent));
    });

    it('writes the study row and the trial rows with the events', async ({ open }) => {
      const store = open();
      const id = newStudy(store);
      const append = sampleAppend(id, 1, 3);
      const spec = { ...sampleSpec, seed: 2 };
      await store.append(() => ({ ...append, row: { ...append.row, spec } }));
      expect(store.study('s')).toEqual({ ...append.row, spec, id, name: 's', createdAt: 0 });
      expect(store.trials(id)).toEqual(append.trials);
      await store.append(() => sampleAppend(id, 4));
      expect(store.study('s')).toMatchObject({ spec, lastEvent: 4 });
    });

    it('makes appends of one turn durable in the order of the calls', async ({ open }) => {
      const store = open();
      const ids = ['a', 'b', 'c'].map((name) => store.createStudy(name, sampleSpec, 0).id);
      const resolved: number[] = [];
      const all = Array.from({ length: 60 }, async (_, i) => {
        await store.append(() => sampleAppend(ids[i % 3]!, Math.floor(i / 3) + 1));
        resolved.push(i);
      });
      await Promise.all(all);
      expect(resolved).toEqual([...resolved].sort((a, b) => a - b));
      for (const id of ids) {
        expect([...store.events(id, 0)].map((event) => event.id)).toEqual(
          Array.from({ length: 20 }, (_, i) => i + 1),
        );
        expect(store.trials(id).map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6]);
      }
      expect(store.studies().map(({ lastEvent }) => lastEvent)).toEqual([20, 20, 20]);
    });

    it('has written what was pending once the store is closed', async ({ open }) => {
      const store = open();
      const id = newStudy(store);
      const pending = [1, 2, 3].map((event) => store.append(() => sampleAppend(id, event)));
      await store.close();
      await Promise.all(pending);
      expect([...open().events(id, 0)]).toHaveLength(3);
    });

    it('refuses events that do not follow on, and writes nothing of them', async ({ open }) => {
      const store = open();
      const id = newStudy(store);
      const results = await Promise.allSettled([
        store.append(() => sampleAppend(id, 1, 2)),
        store.append(() => sampleAppend(id, 2)),
        store.append(() => sampleAppend(id, 4)),
        store.append(() => sampleAppend(id + 1, 1)),
        store.append(() => sampleAppend(id, 3)),
      ]);
      expect(results.map(({ status }) => status === 'fulfilled')).toEqual([
        true,
        false,
        false,
        false,
        true,
      ]);
      expect([...store.events(id, 0)].map((event) => event.id)).toEqual([1, 2, 3]);
      expect(store.study('s')?.lastEvent).toBe(3);
    });

    it('asks once for what to write, and takes it as it is then', async ({ open }) => {
      const store = open();
      const id = newStudy(store);
      const append = sampleAppend(id, 1);
      let asked = 0;
      await store.append(() => {
        asked += 1;
        queueMicrotask(() => {
          append.events[0]!.at = 0;
          append.trials[0]!.reason = 'changed';
        });
        return append;
      });
      expect(asked).toBe(1);
      expect([...store.events(id, 0)]).toEqual([sampleEvent(1)]);
      expect(store.trials(id)[0]?.reason).toBe('started');
    });

    it('finds what they say of one trial, in any part of the log', async ({ open }) => {
      const store = open();
      const id = newStudy(store);
      const about = (trial: number, id: number): StudyEvent => {
        // What looks like another trial in a text is none.
        const reason = { code: 'user', text: `"trial":${trial + 1},` };
        return { id, at: id, kind: 'checkpoint-requested', v: 1, trial, attempt: 1, reason };
      };
      const columns = { step: [1], metrics: { loss: [0.5] } };
      const reports = (id: number, ...trials: number[]): StudyEvent => {
        const items = trials.map((trial) => ({ trial, attempt: 1, from: 0, columns }));
        return { id, at: id, kind: 'reports', v: 1, items };
      };
      const early = [about(1, 1), about(12, 2), reports(3, 1, 2)];
      const events = [...early, reports(4, 12), about(2, 5), about(1, 6)];
      await store.append(() => ({ ...sampleAppend(id, 1, 6), events }));
      const told = (trial: number, after: number, until: number) =>
        store.trialEvents(id, trial, after, until);
      expect(told(1, 0, 6)).toEqual([about(1, 1), reports(3, 1), about(1, 6)]);
      expect(told(1, 1, 5)).toEqual([reports(3, 1)]);
      expect(told(2, 0, 6)).toEqual([reports(3, 2), about(2, 5)]);
      expect(told(3, 0, 6)).toEqual([]);
    });

    it('keeps the latest snapshot, whose lines come one by one', async ({ open }) => {
      const store = open();
      const id = newStudy(store);
      expect(store.snapshot(id)).toBeUndefined();
      await store.append(() => ({
        ...sampleAppend(id, 1, 2),
        snapshot: linesOf('a', [0, 1, 2]),
      }));
      await store.append(() => sampleAppend(id, 3));
      expect(store.snapshot(id)).toEqual({ event: 2, heads: ['a0', 'a1', 'a2'] });
      expect(trialsOf(store, id, 2)).toEqual(['trials of a0', 'trials of a1', 'trials of a2']);
      await store.append(() => ({
        ...sampleAppend(id, 4),
        snapshot: linesOf('b', [2, 0]),
      }));
      expect(store.snapshot(id)).toEqual({ event: 4, heads: ['b0', 'a1', 'b2'] });
      expect(trialsOf(store, id, 4)).toEqual(['trials of b0', 'trials of a1', 'trials of b2']);
      // Whoever has the older one is not given what has been written since.
      expect(trialsOf(store, id, 2)).toEqual([undefined, 'trials of a1', undefined]);
      expect(store.snapshotTrials(id, 3, 4)).toBeUndefined();
    });
  });

  describe('events', () => {
    it('can be read from any id on, with any limit', async ({ open }) => {
      const store = open();
      const id = newStudy(store);
      await store.append(() => sampleAppend(id, 1, 2500));
      const ids = (after: number, limit?: number) =>
        [...store.events(id, after, limit)].map((event) => event.id);
      const range = (first: number, last: number) =>
        Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
      expect(ids(0)).toEqual(range(1, 2500));
      expect(ids(1000)).toEqual(range(1001, 2500));
      expect(ids(100, 1000)).toEqual(range(101, 1100));
      expect(ids(100, 1001)).toEqual(range(101, 1101));
      expect(ids(2499, 5)).toEqual([2500]);
      expect(ids(2500)).toEqual([]);
      expect(ids(0, 0)).toEqual([]);
    });

    it('can be read by their kind, with any limit', async ({ open }) => {
      const store = open();
      const id = newStudy(store);
      const append = sampleAppend(id, 1, 2500);
      for (const event of append.events) {
        const reason = { code: 'test', text: 'by the test' };
        if (event.id % 2 === 0) Object.assign(event, { kind: 'study-resumed', v: 1, reason });
      }
      await store.append(() => append);
      const ids = (after: number, limit?: number) =>
        [...store.events(id, after, limit, 'study-resumed')].map((event) => event.id);
      const even = Array.from({ length: 1250 }, (_, i) => 2 * (i + 1));
      expect(ids(0)).toEqual(even);
      expect(ids(2)).toEqual(even.slice(1));
      expect(ids(3, 1100)).toEqual(even.slice(1, 1101));
      expect(ids(0, 0)).toEqual([]);
      expect([...store.events(id, 0, Infinity, 'run-ended')]).toEqual([]);
    });
  });

  describe('trials', () => {
    it('come back as they were last written', async ({ open }) => {
      const store = open();
      const id = newStudy(store);
      let last = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(trialRow, { maxLength: 4 }), async (trials) => {
          await store.append(() => ({ ...sampleAppend(id, ++last), trials }));
          const latest = new Map(trials.map((trial) => [trial.number, trial]));
          for (const trial of latest.values()) expect(store.trial(id, trial.number)).toEqual(trial);
        }),
        { numRuns: 50 },
      );
    });

    it('are listed by number and filtered by state, start and count', async ({ open }) => {
      const store = open();
      const id = newStudy(store);
      const trials = [4, 0, 3, 1, 2].map((number): TrialRow => {
        return { ...sampleTrial(number), state: number % 2 === 0 ? 'completed' : 'failed' };
      });
      await store.append(() => ({ ...sampleAppend(id, 1), trials }));
      const numbers = (filter?: Parameters<Store['trials']>[1]) =>
        store.trials(id, filter).map(({ number }) => number);
      expect(numbers()).toEqual([0, 1, 2, 3, 4]);
      expect(numbers({ state: 'completed' })).toEqual([0, 2, 4]);
      expect(numbers({ state: 'completed', after: 0, limit: 1 })).toEqual([2]);
      expect(numbers({ after: 2 })).toEqual([3, 4]);
      expect(numbers({ limit: 2 })).toEqual([0, 1]);
      expect(numbers({ state: 'queued' })).toEqual([]);
      expect(store.trial(id, 9)).toBeUndefined();
    });
  });

  describe('several stores of one place', () => {
    it('see what another one has acknowledged', async ({ open }) => {
      const writer = open();
      const reader = open();
      const id = newStudy(writer);
      for (let event = 1; event <= 5; event++) {
        const append: Append = sampleAppend(id, event);
        await writer.append(() => append);
        expect(reader.study('s')?.lastEvent).toBe(event);
        expect([...reader.events(id, event - 1)]).toEqual(append.events);
      }
    });
  });
}

const wireNumber = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (x === 0 ? 0 : x)),
  fc.constantFrom('NaN' as const, 'Infinity' as const, '-Infinity' as const),
);
const time = fc.double({ min: 0, max: 2 ** 43, noNaN: true }).map((x) => (x === 0 ? 0 : x));
const key = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => text !== '__proto__');

const trialRow: fc.Arbitrary<TrialRow> = fc.record(
  {
    number: fc.integer({ min: 0, max: 3 }),
    state: fc.constantFrom('queued', 'running', 'completed', 'stopped', 'failed'),
    params: fc.dictionary(key, fc.oneof(fc.string(), fc.boolean(), fc.integer()), {
      noNullPrototype: true,
    }),
    attempts: fc.nat(),
    sampler: fc.string(),
    value: wireNumber,
    step: fc.integer(),
    metrics: fc.dictionary(key, wireNumber, { noNullPrototype: true }),
    reports: fc.nat(),
    createdAt: time,
    startedAt: time,
    endedAt: time,
    reason: fc.string({ unit: 'binary' }),
    tail: fc.array(fc.string({ unit: 'binary' })),
  },
  {
    requiredKeys: [
      'number',
      'state',
      'params',
      'attempts',
      'sampler',
      'metrics',
      'reports',
      'createdAt',
      'reason',
    ],
  },
);
