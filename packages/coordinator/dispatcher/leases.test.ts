import { manualClock } from '@fleetune/platform/testing';
import { expect, it } from 'vitest';
import { newState } from './dispatcher-state.ts';
import { forget } from './leases.ts';

it('of the incarnations that are over only the latest are remembered, however many there were', () => {
  const state = newState({ clock: manualClock(), leaseTtlMs: 15_000, onFinished: () => undefined });
  for (let i = 0; i < 25_000; i++) forget(state, `incarnation-${i}`);
  expect(state.gone.size).toBe(10_000);
  expect([...state.gone].slice(0, 1)).toEqual(['incarnation-15000']);
  expect(state.gone.has('incarnation-24999')).toBe(true);
});
