import { readStudy, type StudySpec } from '@fleetune/core';
import { systemClock } from '@fleetune/platform/node';
import { expect, it } from 'vitest';
import { createCoordinator } from '../coordinator.ts';
import { memoryStore } from '../store/memory-store.ts';
import { gaugeSamples } from './gauges.ts';

function specOf(name: string, more: object): StudySpec {
  const objective = { metric: 'loss', direction: 'minimize' };
  const raw = { name, objective, space: { x: { type: 'float', low: 0, high: 1 } }, ...more };
  const read = readStudy(raw, { cwd: '/', seed: 1, withoutCommand: true });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  return read.spec;
}

it('a study needs workers unless it is paused or a loop of its own asks for its trials', async () => {
  const coordinator = createCoordinator(memoryStore(), systemClock);
  const program = await coordinator.open(specOf('program', { command: ['true'] }));
  const loop = await coordinator.open(specOf('loop', {}));
  for (const host of [program, loop]) {
    void coordinator.run(host, { keepGoing: false, files: '/', shared: true });
    await host.commit();
  }
  const needs = () =>
    gaugeSamples(coordinator).fleetune_study_needs_workers.map(([{ study }, value]) => [
      study,
      value,
    ]);
  expect(needs()).toEqual([
    ['program', 1],
    ['loop', 0],
  ]);
  await coordinator.control(program, {
    kind: 'pause-study',
    reason: { code: 'user', text: 'lunch' },
  });
  expect(needs()).toContainEqual(['program', 0]);
  await coordinator.shutdown();
});
