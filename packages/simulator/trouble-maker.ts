import { randomStream } from '@fleetune/core';
import type { Mark } from '@fleetune/platform';
import type { TroubleListener } from '@fleetune/platform/testing';
import { killSite } from './site.ts';
import { isTroubled, struck, type World } from './world.ts';

/** Fires the trouble points that the scenario chose, and counts the marks that were reached. */
export function troubleMaker(world: World, marks: Map<string, number>): TroubleListener {
  const { points, dies, seed } = world.scenario;
  const random = randomStream(seed, 0, 'points');
  return {
    trouble(point) {
      const chance = points[point];
      const fires = chance !== undefined && isTroubled(world) && random.next() < chance;
      if (fires) struck(world, point);
      return fires;
    },
    mark(mark: Mark) {
      marks.set(mark, (marks.get(mark) ?? 0) + 1);
      const { opened } = world;
      if (mark !== dies?.at || opened === undefined || opened.life.dead) return;
      if (!isTroubled(world) || random.next() >= dies.chance) return;
      struck(world, `died at ${dies.at}`);
      killSite(world, opened, 100 + random.next() * 4_000);
    },
  };
}
