import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { choice, float, int } from './parameter.ts';
import { tune } from './tune.ts';

const space = { x: float(0, 1), depth: int(1, 3), kind: choice(['a', 'b']) };
const objective = { metric: 'loss', direction: 'minimize' } as const;

let folder: string;
let database: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetune-tune-'));
  database = join(folder, 'fleetune.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('tune', () => {
  it('finds the best params of an async function, typed', async () => {
    const { end, incumbent, status } = await tune(
      {
        name: 'typed',
        space,
        objective,
        budget: { trials: 25 },
        seed: 1,
        async function(params) {
          expectTypeOf(params).toEqualTypeOf<{ x: number; depth: number; kind: 'a' | 'b' }>();
          return (params.x - 0.3) ** 2 + params.depth;
        },
      },
      { database, slots: 4 },
    );
    expect(end).toBe('budget-trials');
    expect(status.trials.completed).toBe(25);
    expectTypeOf(incumbent!.params.kind).toEqualTypeOf<'a' | 'b'>();
    expect(incumbent).toMatchObject({ params: { depth: 1 } });
  });

  it('of several objectives finds the front, within the outcome constraints', async () => {
    const { incumbent, front } = await tune(
      {
        name: 'several',
        space: { x: float(0, 1) },
        objectives: [
          { metric: 'near', direction: 'minimize' },
          { metric: 'far', direction: 'maximize' },
        ],
        outcomeConstraints: ['far <= 0.5'],
        sampler: 'random',
        budget: { trials: 30 },
        seed: 1,
        function: ({ x }) => ({ near: x, far: x }),
      },
      { database },
    );
    expect(incumbent).toBeUndefined();
    const values = front!.map(({ params }) => params.x);
    // Each trial is better in one and worse in the other: all that are feasible.
    expect(values.length).toBeGreaterThan(5);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(Math.max(...values)).toBeLessThanOrEqual(0.5);
  });

  it('of several objectives fails a trial that lacks one', async () => {
    const { status, front } = await tune(
      {
        name: 'lacking',
        space: { x: float(0, 1) },
        objectives: [
          { metric: 'near', direction: 'minimize' },
          { metric: 'far', direction: 'maximize' },
        ],
        sampler: 'random',
        budget: { trials: 3 },
        seed: 1,
        function: ({ x }) => ({ near: x }),
      },
      { database, keepGoing: true },
    );
    expect(status.trials.failed).toBe(3);
    expect(status.lastFailure!.reason.text).toContain('without a value of far');
    expect(front).toEqual([]);
  });

  it('runs as many trials at a time as there are slots, and no more', async () => {
    let running = 0;
    let most = 0;
    const gate = Promise.withResolvers<void>();
    const study = {
      name: 'slots',
      space,
      objective,
      budget: { trials: 9 },
      async function() {
        running += 1;
        most = Math.max(most, running);
        if (running === 3) gate.resolve();
        await gate.promise;
        running -= 1;
        return 1;
      },
    };
    await tune(study, { database, slots: 3 });
    expect(most).toBe(3);
  });

  it('called again goes on where it was, and answers at once when it had ended', async () => {
    let calls = 0;
    const study = { name: 'again', space, objective, seed: 1, function: () => (calls += 1) };
    await tune({ ...study, budget: { trials: 5 } }, { database });
    const more = await tune({ ...study, budget: { trials: 8 } }, { database });
    expect(more.status.trials.completed).toBe(8);
    const ended = await tune({ ...study, budget: { trials: 8 } }, { database });
    expect(ended.end).toBe('budget-trials');
    expect(calls).toBe(8);
  });

  it('can be iterated over: its events come in order, from the first', async () => {
    const tuning = tune(
      { name: 'events', space, objective, budget: { trials: 3 }, function: () => 1 },
      { database },
    );
    const ids: number[] = [];
    const kinds = new Set<string>();
    for await (const event of tuning) {
      ids.push(event.id);
      kinds.add(event.kind);
    }
    expect(ids).toEqual(ids.map((_, index) => index + 1));
    expect([...kinds]).toContain('trial-ended');
    expect((await tuning).end).toBe('budget-trials');
  });

  it('aborted by its signal drains: the running trial goes back to the queue', async () => {
    const abort = new AbortController();
    const tuning = tune(
      {
        name: 'aborted',
        space,
        objective,
        budget: { trials: 50 },
        function: (_, trial) =>
          new Promise<number>((resolve) => {
            if (trial.trial < 2) return resolve(1);
            trial.signal.addEventListener('abort', () => resolve(2));
            abort.abort();
          }),
      },
      { database, signal: abort.signal },
    );
    const back: number[] = [];
    for await (const event of tuning) if (event.kind === 'trial-requeued') back.push(event.trial);
    const { end, status } = await tuning;
    expect(end).toBe('drained');
    // Perhaps with one that waited behind it.
    expect(back).toContain(2);
    expect(status.trials).toMatchObject({ completed: 2, queued: back.length, running: 0 });
  });

  it('whose signal was aborted before it began runs nothing', async () => {
    let calls = 0;
    const study = {
      name: 'early',
      space,
      objective,
      budget: { trials: 3 },
      function: () => calls++,
    };
    const { end, status } = await tune(study, { database, signal: AbortSignal.abort() });
    expect(end).toBe('drained');
    expect(calls).toBe(0);
    expect(status.trials.completed).toBe(0);
  });

  it('stops bad trials early by the answer to their reports', async () => {
    const { status } = await tune(
      {
        name: 'stopped',
        space,
        objective,
        fidelity: { metric: 'epoch', min: 1, max: 9 },
        budget: { trials: 20 },
        seed: 1,
        async function({ x }, trial) {
          for (let epoch = 1; epoch <= 9; epoch++) {
            if (await trial.report(epoch, { loss: x })) return;
          }
        },
      },
      { database },
    );
    expect(status.trials.stopped).toBeGreaterThan(5);
    expect(status.trials.completed).toBeGreaterThan(0);
    expect(status.trials.failed).toBe(0);
  });

  it('takes a throw as a crash of that trial, with its reason, and goes on', async () => {
    const { end, status } = await tune(
      {
        name: 'throws',
        space,
        objective,
        budget: { trials: 6 },
        retries: 0,
        function(_, { trial }) {
          if (trial === 1) throw new RangeError('too wide');
          return 1;
        },
      },
      { database },
    );
    expect(end).toBe('budget-trials');
    expect(status.trials).toMatchObject({ completed: 5, failed: 1 });
    expect(status.lastFailure?.reason.text).toContain('RangeError: too wide');
  });

  it('rejects wrong options with their place, and writes nothing', async () => {
    const wrong = { name: 'wrong', space: { x: float(2, 1) }, objective, function: () => 1 };
    await expect(tune(wrong, { database })).rejects.toMatchObject({
      info: { place: 'space.x.low' },
    });
  });
});
