import { randomStream } from '@fleetune/core';
import type { Mark } from '@fleetune/platform';
import type { TroubleListener } from '@fleetune/platform/testing';
import { killSite } from './site.ts';
import { isTroubled, type World } from './world.ts';

/** Fires the trouble points that the scenario chose, and counts the marks that were reached. */
export function troubleMaker(world: World, marks: Map<string, number>): TroubleListener {
  const { points, dies, seed } = world.scenario;
  const random = randomStream(seed, 0, 'points');
  return {
    trouble(point) {
      const chance = points[point];
      return chance !== undefined && isTroubled(world) && random.next() < chance;
    },
    mark(mark: Mark) {
      marks.set(mark, (marks.get(mark) ?? 0) + 1);
      const { site } = world;
      if (mark !== dies?.at || site === undefined || !isTroubled(world)) return;
      if (random.next() < dies.chance) killSite(world, site, 100 + random.next() * 4_000);
    },
  };
}
