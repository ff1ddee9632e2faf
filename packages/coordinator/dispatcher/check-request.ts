import { fail } from '@fleetune/core';
import { PROTOCOL, type ExchangeRequest } from '@fleetune/protocol';
import type { WorkerRecord } from './worker-table.ts';

export function checkProtocol(got: number): void {
  if (got !== PROTOCOL) throw fail('worker.protocol', 'protocol', { expected: PROTOCOL, got });
}

/** Whoever speaks of slots that it does not have is not the worker that registered: nothing of it is taken. */
export function checkRequest(worker: WorkerRecord, request: ExchangeRequest): void {
  checkProtocol(request.protocol);
  const { free, reserve, ended } = request;
  for (const slot of free) checkSlot(worker, slot, 'free');
  if (reserve !== undefined) for (const slot of reserve) checkSlot(worker, slot, 'reserve');
  for (const { slot } of ended) checkSlot(worker, slot, 'ended');
}

function checkSlot({ slots: { length: slots } }: WorkerRecord, slot: number, place: string): void {
  if (slot >= slots) throw fail('worker.slot', place, { slot, slots });
}
