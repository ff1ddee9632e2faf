import { isTroubled, type World } from '../simulation.ts';

/** Leases of the dead have expired by then, and what got lost has been said again. */
const RECOVERY_MS = 35_000;
/** A few messages, and the disk. */
const MOST_IDLE_MS = 300;

/** Promise 4: once the trouble is over, no slot idles while there is work. */
export function createIdleWatch(world: World): { look(): void } {
  let calmSinceMs: number | undefined = world.scenario.troubleMs === 0 ? -RECOVERY_MS : undefined;
  let idleSinceMs: number | undefined;
  return {
    look() {
      const nowMs = world.clock.monotonic();
      if (isTroubled(world)) return;
      calmSinceMs ??= nowMs;
      if (nowMs < calmSinceMs + RECOVERY_MS || !(isWork(world) && isIdle(world, nowMs))) {
        idleSinceMs = undefined;
        return;
      }
      idleSinceMs ??= nowMs;
      if (nowMs - idleSinceMs <= MOST_IDLE_MS) return;
      world.broken.push(`a slot idles for ${nowMs - idleSinceMs} ms at ${nowMs}`);
    },
  };
}

function isWork({ site, scenario }: World): boolean {
  if (site === undefined || site.interrupted || site.host.state.run === undefined) return false;
  const { work } = site.host.nextWork();
  // Whether a grid has more to give is known to its sampler only.
  return work === 'queued' || (work === 'suggest' && scenario.spec.sampler.type !== 'grid');
}

function isIdle({ machines, scenario }: World, nowMs: number): boolean {
  return machines.some(
    ({ life, programs, bornMs }) =>
      !life.dead && nowMs > bornMs + 500 && programs!.running() < scenario.slots,
  );
}
