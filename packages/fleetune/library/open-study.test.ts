import { describe, expect, it } from 'vitest';
import { openStudy } from './open-study.ts';
import { float } from './parameter.ts';

const options = {
  name: 'asked',
  space: { x: float(0, 1) },
  objective: { metric: 'score', direction: 'maximize' },
  budget: { trials: 4 },
  seed: 1,
} as const;
const inMemory = { database: ':memory:' };

describe('an open study', () => {
  it('hands out trials until its budget is used, then nothing', async () => {
    const study = await openStudy(options, inMemory);
    const numbers: number[] = [];
    for (let trial = await study.ask(); trial !== undefined; trial = await study.ask()) {
      numbers.push(trial.number);
      await trial.tell(trial.params.x);
    }
    expect(numbers).toEqual([0, 1, 2, 3]);
    expect(study.status()).toMatchObject({ state: 'ended', end: { end: 'budget-trials' } });
    await study.close();
  });

  it('may be asked for several trials before any is told', async () => {
    const study = await openStudy(options, inMemory);
    const trials = [await study.ask(), await study.ask(), await study.ask()];
    expect(trials.map((trial) => trial?.number)).toEqual([0, 1, 2]);
    expect(study.status().trials.running).toBe(3);
    for (const trial of trials) await trial?.tell({ score: 1 });
    expect(study.status().trials.completed).toBe(3);
    await study.close();
  });

  it('asked while only running trials can bring more waits for them', async () => {
    const study = await openStudy({ ...options, budget: { trials: 1 }, retries: 1 }, inMemory);
    const first = await study.ask();
    const second = study.ask();
    await first!.fail('disk full');
    const again = await second;
    expect(again?.number).toBe(0);
    await again!.tell(1);
    expect(await study.ask()).toBeUndefined();
    await study.close();
  });

  it('asked by many at once gives each its own trial, until the budget is used', async () => {
    const study = await openStudy({ ...options, budget: { trials: 20 } }, inMemory);
    const numbers: number[] = [];
    const work = async (): Promise<void> => {
      for (let trial = await study.ask(); trial !== undefined; trial = await study.ask()) {
        numbers.push(trial.number);
        await trial.tell(0.5);
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    await study.close();
  });

  it('keeps every report, also of those that are under way together', async () => {
    const study = await openStudy(options, inMemory);
    const trial = await study.ask();
    await Promise.all([1, 2, 3].map((step) => trial!.report(step, { score: step / 10 })));
    await trial!.tell();
    expect(study.status().incumbent).toMatchObject({ value: 0.3 });
    await study.close();
  });

  it('that is closed answers those who still wait with nothing', async () => {
    const study = await openStudy({ ...options, budget: { trials: 1 } }, inMemory);
    await study.ask();
    const second = study.ask();
    await study.close();
    expect(await second).toBeUndefined();
  });

  it('tells a trial that is not good enough to stop, and keeps what it reported', async () => {
    const fidelity = { metric: 'epoch', min: 1, max: 9 };
    const study = await openStudy({ ...options, fidelity }, inMemory);
    const stops: boolean[] = [];
    for (const score of [0.9, 0.1]) {
      const trial = await study.ask();
      stops.push(await trial!.report(1, { score }));
      await trial!.tell();
    }
    expect(stops).toEqual([false, true]);
    expect(study.status().trials.stopped).toBeGreaterThan(0);
    await study.close();
  });

  it('closed with trials under way puts them back into the queue', async () => {
    const study = await openStudy(options, inMemory);
    await study.ask();
    await study.close();
    expect(study.status()).toMatchObject({ trials: { queued: 1, running: 0 }, state: 'ended' });
    await expect(study.ask()).rejects.toMatchObject({ code: 'study.not-running' });
  });
});
