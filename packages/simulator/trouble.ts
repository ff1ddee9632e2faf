import { randomStream, type RandomStream } from '@fleetune/core';
import type { StudyHost } from '@fleetune/coordinator';
import { killWorker } from './machine.ts';
import type { Trouble } from './scenario.ts';
import { openSite, resumeSoon } from './site.ts';
import { closeSite, isTroubled, type Site, type World } from './world.ts';

const TICK_MS = 250;

export function makeTrouble(world: World): void {
  const { scenario, clock } = world;
  const random = randomStream(scenario.seed, 0, 'trouble');
  const tick = (): void => {
    if (!isTroubled(world)) return;
    for (const [kind, perSecond] of Object.entries(scenario.perSecond)) {
      if (random.next() < (perSecond * TICK_MS) / 1000) strike(world, kind as Trouble, random);
    }
    clock.after(TICK_MS, tick);
  };
  clock.after(TICK_MS, tick);
}

function strike(world: World, kind: Trouble, random: RandomStream): void {
  const { machines, site } = world;
  if (kind === 'worker-killed') {
    killWorker(world, machines[random.int(machines.length)]!, random);
  } else if (kind === 'coordinator-killed' && site !== undefined) {
    closeSite(world, site);
    const awayMs = 100 + random.next() * 8_000;
    world.awayMs += awayMs;
    world.clock.after(awayMs, () => openSite(world));
  } else if (site !== undefined) {
    command(world, site, kind, random);
  }
}

const refused = (): void => undefined;

function command(world: World, site: Site, kind: Trouble, random: RandomStream): void {
  const { coordinator, hosts } = site;
  const host = [...hosts.values()][random.int(Math.max(1, hosts.size))];
  switch (kind) {
    case 'drain':
      if (!world.scenario.serve) coordinator.drain('Ctrl-C');
      else if (host !== undefined) coordinator.drainStudy(host, 'enough for now').catch(refused);
      if (host !== undefined) site.interrupted.add(host.name);
      return;
    case 'quit':
      if (world.scenario.serve) return;
      coordinator.quit('Ctrl-C twice');
      if (host !== undefined) site.interrupted.add(host.name);
      return;
    case 'pause-worker':
    case 'drain-worker':
      return workerCommand(world, site, kind, random);
    default:
      if (host !== undefined) studyCommand(world, site, host, kind, random);
  }
}

function studyCommand(
  world: World,
  site: Site,
  host: StudyHost,
  kind: Trouble,
  random: RandomStream,
): void {
  const { coordinator } = site;
  const reason = { code: 'user', text: 'seen' };
  const trial = random.int(host.state.trials.length + 1);
  if (kind === 'enqueue') {
    coordinator.enqueue(host, { x: random.next(), k: 'b' }).catch(refused);
  } else if (kind === 'stop-trial') {
    coordinator.control(host, { kind, trial, as: 'stopped', reason }).catch(refused);
  } else if (kind === 'pause-study') {
    coordinator.control(host, { kind, reason }).catch(refused);
    resumeSoon(world, site, host);
  } else {
    coordinator.stopStudy(host, 'seen enough').catch(refused);
    site.interrupted.add(host.name);
  }
}

function workerCommand(world: World, site: Site, kind: Trouble, random: RandomStream): void {
  const { coordinator } = site;
  const workers = coordinator.workers();
  const worker = workers[random.int(Math.max(1, workers.length))]?.worker;
  if (worker === undefined) return;
  if (kind === 'drain-worker') {
    coordinator.drainWorker(worker, 'maintenance').catch(refused);
    return;
  }
  coordinator.pauseWorker(worker, 'a look at it').catch(refused);
  resumeWorkerSoon(world, worker);
}

/** Whoever coordinates by then. */
function resumeWorkerSoon(world: World, worker: string): void {
  world.clock.after(3_000, () => {
    const { site } = world;
    if (site === undefined) resumeWorkerSoon(world, worker);
    else site.coordinator.resumeWorker(worker, 'seen').catch(refused);
  });
}
