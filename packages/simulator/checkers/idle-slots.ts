import type { Scenario } from '../scenario.ts';
import { isTroubled, type World } from '../simulation.ts';

/** Where messages get lost, what was lost has been said again so long after the last one. */
const RECOVERY_MS = 20_000;
/** Workers that found no coordinator try again so often. */
const RECONNECT_MS = 6_000;
/** A process that begins has to register and ask. */
const startMs = ({ diskMs }: Scenario): number => 500 + 6 * diskMs;

/** Promise 4: no slot idles while there is work, beyond the few messages and writes that this takes. */
export function createIdleWatch(world: World): { look(): void } {
  const { network, diskMs, troubleMs } = world.scenario;
  const reliable = network.lost === 0 && network.stuck === 0;
  const fromMs = reliable ? 0 : troubleMs + RECOVERY_MS;
  const mostIdleMs = 100 + 6 * network.longestMs + 12 * diskMs;
  let idleSinceMs: number | undefined;
  return {
    look() {
      const nowMs = world.clock.monotonic();
      if (nowMs < fromMs || !isWork(world, nowMs) || !isIdle(world, nowMs)) {
        idleSinceMs = undefined;
        return;
      }
      idleSinceMs ??= nowMs;
      if (nowMs - idleSinceMs <= mostIdleMs) return;
      const when = isTroubled(world) ? 'in trouble' : 'in peace';
      world.broken.push(`a slot idles for ${nowMs - idleSinceMs} ms, ${when}`);
    },
  };
}

function isWork({ site, scenario }: World, nowMs: number): boolean {
  if (site !== undefined && !site.first && nowMs < site.openedMs + RECONNECT_MS) return false;
  if (site === undefined || nowMs < site.openedMs + startMs(scenario)) return false;
  if (site.interrupted || site.host.state.run === undefined) return false;
  const { work } = site.host.nextWork();
  // Whether a grid has more to give is known to its sampler only.
  return work === 'queued' || (work === 'suggest' && scenario.spec.sampler.type !== 'grid');
}

function isIdle({ machines, scenario }: World, nowMs: number): boolean {
  return machines.some(
    ({ life, programs, bornMs }) =>
      !life.dead && nowMs > bornMs + startMs(scenario) && programs!.running() < scenario.slots,
  );
}
