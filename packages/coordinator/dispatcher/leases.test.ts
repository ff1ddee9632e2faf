import { manualClock } from '@fleetune/platform/testing';
import { PROTOCOL } from '@fleetune/protocol';
import { expect, it } from 'vitest';
import { newState } from './dispatcher-state.ts';
import { forget, register, remove } from './leases.ts';

it('of the incarnations that are over only the latest are remembered, however many there were', () => {
  const state = newState({ clock: manualClock(), leaseTtlMs: 15_000, onFinished: () => undefined });
  for (let i = 0; i < 25_000; i++) forget(state, `incarnation-${i}`);
  expect(state.gone.size).toBe(10_000);
  expect([...state.gone].slice(0, 1)).toEqual(['incarnation-15000']);
  expect(state.gone.has('incarnation-24999')).toBe(true);
});

it('workers beyond 100,000 slots are refused, until others leave', async () => {
  const state = newState({ clock: manualClock(), leaseTtlMs: 15_000, onFinished: () => undefined });
  const join = (worker: string, slots: number) =>
    register(state, { protocol: PROTOCOL, worker, incarnation: worker, host: 'h', pid: 1, slots });
  for (let k = 0; k < 10; k++) await join(`w${k}`, 10_000);
  await expect(join('one more', 1)).rejects.toMatchObject({ code: 'coordinator.crowded' });
  expect(state.workers.size).toBe(10);
  remove(state, state.workers.get('w0')!, 'left');
  await join('one more', 1);
  expect(state.workers.size).toBe(10);
});
