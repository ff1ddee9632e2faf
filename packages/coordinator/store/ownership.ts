import { fail } from '@fleetune/core';
import { isProcessAlive } from '@fleetune/platform/node';
import type { Owner } from './store.ts';

/** Whether the owner's process is running, as far as `host` can tell: on another host nobody knows, so yes. */
export function isLiving(owner: Owner, host: string): boolean {
  return owner.host !== host || isProcessAlive(owner.pid, owner.startedAt);
}

/** Throws `store.owned` unless `claimant` may take the place of `current`. */
export function assertFree(
  place: string,
  current: Owner | undefined,
  claimant: Owner,
  gone?: Owner,
): void {
  if (current === undefined || !isLiving(current, claimant.host)) return;
  if (gone !== undefined && isSameOwner(current, gone)) return;
  throw owned(place, current);
}

export function owned(place: string, owner: Owner) {
  return fail('store.owned', place, { pid: owner.pid, host: owner.host, url: owner.url });
}

function isSameOwner(a: Owner, b: Owner): boolean {
  return a.pid === b.pid && a.startedAt === b.startedAt && a.host === b.host;
}
