import { manualClock } from '@fleetune/platform/testing';
import { expect, it } from 'vitest';
import { createCoordinator } from './coordinator.ts';
import { scriptedWorker, specWith } from './dispatcher/testing/scripted-worker.ts';
import { gaugeSamples } from './metrics/gauges.ts';
import { memoryStore, type Store } from './store/index.ts';

/** Two studies that a coordinator left running; the log of the first is damaged since. */
async function begin() {
  const clock = manualClock();
  const store = memoryStore();
  const first = createCoordinator(store, clock);
  let coordinator = first;
  const worker = scriptedWorker(() => coordinator, 'w', 2);
  await worker.register();
  for (const name of ['broken', 'sound']) {
    const host = await first.open({ ...specWith({ trials: 3 }), name });
    void first.run(host, { keepGoing: true, files: '/files', shared: true });
  }
  await worker.exchange({ free: [0, 1] });
  await first.shutdown();
  const { id } = store.study('broken')!;
  const damaged: Store = {
    ...store,
    snapshot: () => undefined,
    *events(study, ...page) {
      for (const event of store.events(study, ...page)) {
        if (study === id && event.kind === 'trial-created') JSON.parse('{"trial": ');
        yield event;
      }
    },
  };
  coordinator = createCoordinator(damaged, clock);
  const resumed = await coordinator.resumeOpenRuns(() => '/files');
  return { coordinator, worker, resumed, store };
}

it('a study that cannot be read keeps no other from going on, and is told of wherever studies are', async () => {
  const { coordinator, worker, resumed } = await begin();
  expect(resumed.map(({ host }) => host.name)).toEqual(['sound']);
  const facts = { reports: [worker.report(0, 1, { study: 'sound' })], free: [0] };
  const { rejected, trials } = await worker.exchange(facts);
  expect(rejected).toEqual([]);
  expect(trials).toMatchObject([{ study: 'sound', trial: 1 }]);
  const told = coordinator.studies().map(({ name, unreadable }) => [name, unreadable?.code]);
  expect(told).toEqual([
    ['broken', 'study.unreadable'],
    ['sound', undefined],
  ]);
  expect(gaugeSamples(coordinator).fleetune_studies_unreadable).toEqual([[{}, 1]]);
});

it('whatever is asked of it gets one clear answer, and it can be deleted', async () => {
  const { coordinator, store } = await begin();
  const asked = (): unknown => coordinator.host('broken');
  expect(asked).toThrow(/the study "broken" cannot be read: .*JSON/);
  expect(asked).toThrow(expect.objectContaining({ code: 'study.unreadable' }) as Error);
  const spec = { ...specWith({ trials: 9 }), name: 'broken' };
  await expect(coordinator.open(spec)).rejects.toMatchObject({ code: 'study.unreadable' });
  coordinator.remove('broken');
  expect(store.study('broken')).toBeUndefined();
  expect(await coordinator.open(spec)).toMatchObject({ name: 'broken' });
});
