import type { StudyHost } from '@fleetune/coordinator';
import type { StudyState } from '@fleetune/core';
import { UNRELIABLE, type Scenario } from '../scenario.ts';
import { isTroubled, studyNamed, type Machine, type Site, type World } from '../world.ts';
import type { MakeChecker } from './watch.ts';

/** Where messages get lost, what was lost has been said again so long after the last one. */
const RECOVERY_MS = 25_000;
/** Workers that found no coordinator try again so often. */
const RECONNECT_MS = 6_000;
/** A process that begins has to register and ask. */
const startMs = ({ disk }: Scenario): number => 500 + 6 * disk.longestMs;

/** Promise 4, liveness: no slot idles while there is work, beyond the few messages and writes that this takes. */
export const idleSlots: MakeChecker = (world, broken) => {
  const { scenario } = world;
  const { network, disk, studies, thinking, points, troubleMs } = scenario;
  const fromMs = isReliable(scenario) ? 0 : troubleMs + RECOVERY_MS;
  const dear = points['suggestion-dear'] === undefined ? 0 : 4 * thinking.longestMs;
  // The disk takes the writes of all studies one after the other.
  const mostIdleMs = 100 + 6 * network.longestMs + 12 * disk.longestMs * studies.length + dear;
  /** Since when there has been work for some slot, at every moment. */
  let workSinceMs = Infinity;
  /** Until when each machine had an excuse of its own; Infinity as long as it has. */
  const excusedMs = new Map<Machine, number>();
  return {
    onStep() {
      const { site, clock, machines } = world;
      const nowMs = clock.monotonic();
      const hosts = nowMs >= fromMs && isUp(site, scenario, nowMs) ? working(world, site) : [];
      if (site === undefined || !hosts.some((host) => isWork(world, host))) {
        workSinceMs = Infinity;
        return;
      }
      workSinceMs = Math.min(workSinceMs, nowMs);
      let held: Set<string> | undefined;
      for (const machine of machines) {
        const { life, programs, bornMs, worker } = machine;
        const idleMs = life.dead ? Infinity : programs!.idleSinceMs();
        if (idleMs === Infinity) continue;
        held ??= heldWorkers(site);
        if (
          machine.limited ||
          held.has(worker!.name) ||
          !hosts.some((host) => isWork(world, host, machine))
        ) {
          excusedMs.set(machine, Infinity);
          continue;
        }
        // It lasted until this very moment, in which it is over.
        if (excusedMs.get(machine) === Infinity) excusedMs.set(machine, nowMs);
        const startedMs = bornMs + startMs(scenario);
        const sinceMs = Math.max(idleMs, workSinceMs, startedMs, excusedMs.get(machine) ?? 0);
        if (nowMs - sinceMs <= mostIdleMs) continue;
        const when = isTroubled(world) ? 'in trouble' : 'in peace';
        broken(`a slot of ${machine.name} idles for ${Math.round(nowMs - sinceMs)} ms, ${when}`);
      }
    },
  };
};

/** Then nothing excuses an idle slot, in the midst of all other trouble. */
function isReliable({ network, disk, perSecond, points, dies }: Scenario): boolean {
  const { 'answer-lost': lost = 0, 'worker-forgotten': forgotten = 0 } = points;
  const messages = network.lost + network.stuck + lost + forgotten;
  const writes = disk.failing + disk.deadly + disk.fullForMs;
  const processes = UNRELIABLE.reduce((sum, kind) => sum + perSecond[kind], 0);
  return messages + writes + processes === 0 && dies === undefined;
}

function isUp(site: Site | undefined, scenario: Scenario, nowMs: number): site is Site {
  if (site === undefined || nowMs < site.openedMs + startMs(scenario)) return false;
  return site.first || nowMs >= site.openedMs + RECONNECT_MS;
}

/** Studies that may give workers something to do. */
function working({ scenario }: World, site: Site): StudyHost[] {
  const hosts = [...site.hosts.values()].filter(({ name, state }) => {
    const { slots = Infinity } = studyNamed({ scenario }, name);
    const open = state.run !== undefined && !site.interrupted.has(name);
    return open && state.spec!.command !== undefined && state.counts.running < slots;
  });
  // Slots stay empty to make room for it, in the midst of other studies' trials too.
  const solo = [...site.hosts.values()].some(({ state }) =>
    state.trials.some(
      (trial) => trial.solo && (trial.state === 'queued' || trial.state === 'running'),
    ),
  );
  return solo ? [] : hosts;
}

/** For that machine's worker, or for any. */
function isWork({ machines }: World, { state, nextWork }: StudyHost, machine?: Machine): boolean {
  const worker = machine?.worker?.name;
  const { work } = nextWork(worker);
  // What waits behind a busy slot could run here.
  if (work === 'wait') return !isHeld(state, worker) && waitsBehind(state, machines);
  const { reproducible, sampler } = state.spec!;
  // Whether a grid has more to give is known to its sampler only; some wait for results, or for a thread.
  const waits = sampler.type === 'grid' || reproducible;
  return work === 'queued' || (work === 'suggest' && !waits);
}

function isHeld({ paused, spec, counts, trials, workers, run }: StudyState, worker?: string) {
  const { trials: budget = Infinity } = spec!.budget;
  const held = worker !== undefined && workers.get(worker)?.held !== undefined;
  const limited = counts.running >= (run?.limit ?? Infinity);
  return paused !== undefined || held || limited || trials.length - counts.cancelled < budget;
}

/** On a worker that can give it back. */
function waitsBehind({ live, trials }: StudyState, machines: readonly Machine[]): boolean {
  const living = new Set(machines.map(({ life, worker }) => (life.dead ? '' : worker!.name)));
  return [...live]
    .map((trial) => trials[trial]!.attempts.at(-1)!)
    .some(({ reserve, worker }) => reserve && living.has(worker));
}

/** A person wants them so, or wants them to leave. */
function heldWorkers({ coordinator }: Site): Set<string> {
  const held = coordinator.workers().filter(({ state }) => state !== 'active');
  return new Set(held.map(({ worker }) => worker));
}
