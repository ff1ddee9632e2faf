import type { Change } from '@fleetune/core';
import { manualClock } from '@fleetune/platform/testing';
import { expect, it } from 'vitest';
import { tpeSpec } from './testing/scripted-study.ts';
import { createThinker } from './thinker.ts';
import type { Made } from './thinker-port.ts';

it('a suggestion took what it and the learning since the last one took, but for the history', () => {
  const clock = manualClock();
  let looks = 0;
  // Every look at the clock takes a millisecond, so that everything seems to.
  const made: Made[] = [];
  const take = createThinker({ ...clock, monotonic: () => (looks += 1) }, (it) => made.push(it));
  const changes = [0, 1, 2].map((trial): Change => {
    const params = { x: trial / 3, y: 0.5 };
    return { trial, params, outcome: { state: 'completed', loss: trial } };
  });
  take({ kind: 'begin', spec: tpeSpec });
  for (const change of changes) take({ kind: 'learn', changes: [change] });
  take({ kind: 'make', id: 1, trial: 3, effort: 'full', ahead: false });
  for (const change of changes) take({ kind: 'learn', changes: [change] });
  take({ kind: 'make', id: 2, trial: 4, effort: 'full', ahead: false });
  expect(made.map(({ id, tookMs }) => [id, tookMs])).toEqual([
    [1, 1],
    [2, 4],
  ]);
});
