import { fail } from '@fleetune/core';
import { PROTOCOL, type ExchangeRequest } from '@fleetune/protocol';
import type { WorkerRecord } from './worker-table.ts';

export function checkProtocol(got: number): void {
  if (got !== PROTOCOL) throw fail('worker.protocol', 'protocol', { expected: PROTOCOL, got });
}

/** Whoever speaks of slots that it does not have is not the worker that registered: nothing of it is taken. */
export function checkRequest(worker: WorkerRecord, request: ExchangeRequest): void {
  checkProtocol(request.protocol);
  const { free, reserve = [], ended } = request;
  const slots = worker.slots.length;
  const check = (slot: number, place: string): void => {
    if (slot >= slots) throw fail('worker.slot', place, { slot, slots });
  };
  for (const slot of free) check(slot, 'free');
  for (const slot of reserve) check(slot, 'reserve');
  for (const { slot } of ended) check(slot, 'ended');
}
