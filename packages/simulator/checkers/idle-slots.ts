import type { StudyState } from '@fleetune/core';
import type { Scenario } from '../scenario.ts';
import { isTroubled, studyNamed, type Machine, type World } from '../world.ts';

/** Where messages get lost, what was lost has been said again so long after the last one. */
const RECOVERY_MS = 20_000;
/** Workers that found no coordinator try again so often. */
const RECONNECT_MS = 6_000;
/** A process that begins has to register and ask. */
const startMs = ({ diskMs }: Scenario): number => 500 + 6 * diskMs;

/** Promise 4: no slot idles while there is work, beyond the few messages and writes that this takes. */
export function createIdleWatch(world: World): { look(): void } {
  const { network, diskMs, troubleMs, studies } = world.scenario;
  const reliable = network.lost === 0 && network.stuck === 0;
  const fromMs = reliable ? 0 : troubleMs + RECOVERY_MS;
  // The disk takes the writes of all studies one after the other.
  const mostIdleMs = 100 + 6 * network.longestMs + 12 * diskMs * studies.length;
  const idleSinceMs = new Map<Machine, number>();
  return {
    look() {
      const nowMs = world.clock.monotonic();
      const work = nowMs >= fromMs && isWork(world, nowMs);
      for (const machine of world.machines) {
        if (!work || isPaused(world, machine) || !isIdle(machine, world.scenario, nowMs)) {
          idleSinceMs.delete(machine);
          continue;
        }
        const sinceMs = idleSinceMs.get(machine) ?? nowMs;
        idleSinceMs.set(machine, sinceMs);
        if (nowMs - sinceMs <= mostIdleMs) continue;
        const when = isTroubled(world) ? 'in trouble' : 'in peace';
        world.broken.push(`a slot of ${machine.name} idles for ${nowMs - sinceMs} ms, ${when}`);
      }
    },
  };
}

function isWork({ site, scenario, machines }: World, nowMs: number): boolean {
  if (site !== undefined && !site.first && nowMs < site.openedMs + RECONNECT_MS) return false;
  if (site === undefined || nowMs < site.openedMs + startMs(scenario)) return false;
  return [...site.hosts.values()].some(({ name, state, nextWork }) => {
    if (site.interrupted.has(name) || state.run === undefined) return false;
    const { spec, slots = Infinity } = studyNamed({ scenario }, name);
    if (state.counts.running >= slots) return false;
    const { work } = nextWork();
    // What waits behind a busy slot could run here.
    if (work === 'wait') return !isHeld(state) && waitsBehind(state, machines);
    // Whether a grid has more to give is known to its sampler only.
    return work === 'queued' || (work === 'suggest' && spec.sampler.type !== 'grid');
  });
}

function isHeld({ paused, spec, counts, trials }: StudyState): boolean {
  const { trials: budget = Infinity } = spec!.budget;
  return paused !== undefined || trials.length - counts.cancelled < budget;
}

/** On a worker that can give it back. */
function waitsBehind({ live, trials }: StudyState, machines: readonly Machine[]): boolean {
  const living = new Set(machines.map(({ life, worker }) => (life.dead ? '' : worker!.name)));
  return [...live]
    .map((trial) => trials[trial]!.attempts.at(-1)!)
    .some(({ reserve, worker }) => reserve && living.has(worker));
}

/** A person wants it so, or wants it to leave. */
function isPaused({ site }: World, { worker }: Machine): boolean {
  const view = site?.coordinator.workers().find((it) => it.worker === worker?.name);
  return view !== undefined && view.state !== 'active';
}

function isIdle(machine: Machine, scenario: Scenario, nowMs: number): boolean {
  const { life, programs, bornMs } = machine;
  const started = nowMs > bornMs + startMs(scenario);
  return !life.dead && started && programs!.running() < scenario.slots;
}
