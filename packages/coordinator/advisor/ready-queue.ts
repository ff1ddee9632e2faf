// Suggestions that are ready, and how old each is (docs/internals/advisor.md).
//
//   symbol     meaning
//   version    number of trials that had ended when the suggestion was made
//   age        number of trials that have ended since
//   P          trials that run at once

import type { Suggestion } from '@fleetune/core';

export const QUEUE_MAX = 64;

export interface Ready {
  id: number;
  suggestion: Suggestion;
  version: number;
}

/** Fresh below this age: as good as new. */
export function freshBelow(parallelism: number): number {
  return Math.max(2, 0.1 * parallelism);
}

/** Of no use from this age on: every trial that runs has been replaced twice. Until then still better than chance. */
function uselessFrom(parallelism: number): number {
  return Math.max(2, 2 * parallelism);
}

/** The freshest leaves the queue; of equally fresh ones the oldest. */
export function takeFreshest(queue: Ready[]): Ready | undefined {
  let best = 0;
  for (let i = 1; i < queue.length; i++) if (queue[i]!.version > queue[best]!.version) best = i;
  return queue.splice(best, 1)[0];
}

/** Those that are useless by now, and the oldest of those beyond `size`, leave the queue. */
export function evict(
  queue: Ready[],
  { version, parallelism, size }: { version: number; parallelism: number; size: number },
): Ready[] {
  const oldest = version - uselessFrom(parallelism);
  const evicted = queue.filter((ready) => ready.version <= oldest);
  const kept = queue.filter((ready) => ready.version > oldest);
  kept.sort((a, b) => a.version - b.version || a.id - b.id);
  evicted.push(...kept.splice(0, Math.max(0, kept.length - size)));
  queue.splice(0, queue.length, ...kept);
  return evicted;
}

export function freshIn(queue: readonly Ready[], version: number, parallelism: number): number {
  const limit = freshBelow(parallelism);
  return queue.filter((ready) => version - ready.version < limit).length;
}
