import { randomStream, type RunEnd } from '@fleetune/core';
import { apiHandlers, createCoordinator, type StudyHost } from '@fleetune/coordinator';
import { newLife, processClock } from './faults/life.ts';
import { faultyStore } from './faults/faulty-store.ts';
import { slowThinkers } from './faults/slow-thinkers.ts';
import { isRefusal, stackOf } from './refusal.ts';
import type { SimulatedStudy, Trouble } from './scenario.ts';
import { specOf } from './draw-study.ts';
import { NOBODY, isOver, isTroubled, struck, studyNamed, type Site, type World } from './world.ts';

const SUBMISSIONS = { filesOf: () => '/', cwd: '/', seed: () => 1 };

/** A process that coordinates: as `fleetune run` does, one study to its end, or as `fleetune serve`. */
export function openSite(world: World): void {
  const { scenario } = world;
  if (isOver(world)) return;
  const site = newSite(world);
  world.sites += 1;
  world.opened = site;
  attempt(world, site, () => (scenario.serve ? serve(world, site) : runAlone(world, site)));
}

/** It is killed, and another one is started after a while. */
export function killSite(world: World, site: Site, awayMs: number): void {
  if (site.life.dead) return;
  site.disk.crash();
  closeSite(world, site);
  world.awayMs += awayMs;
  world.clock.after(awayMs, () => openSite(world));
}

/** It is asked to leave, with its runs open, and another one is started after a while. */
export function restartSite(world: World, site: Site, awayMs: number): void {
  const gone = (): void => killSite(world, site, awayMs);
  // What can't be written any more is its successor's to find out.
  site.coordinator.shutdown().then(gone, gone);
}

function newSite(world: World): Site {
  const { scenario, clock, store, watch } = world;
  const life = newLife();
  const born = Math.round(clock.monotonic());
  const ours = processClock(clock, life);
  const deaths = randomStream(scenario.seed, born, 'deaths');
  const disk = faultyStore(
    store,
    {
      clock,
      random: randomStream(scenario.seed, born, 'disk'),
      faults: scenario.disk,
      failing: () => isTroubled(world),
      onDurable({ study, events }) {
        watch.durable(study, events);
        for (const event of events) {
          const { name } = watch.studies.get(study)!;
          if (event.kind === 'run-ended') follow(world, site, name, event.end);
        }
      },
      // Whoever operates it sees that, and starts it again.
      onFailure: () => clock.after(500, () => killSite(world, site, 1_000)),
      onDeath: () => killSite(world, site, 200 + deaths.next() * 2_000),
      onStrike: (strike) => struck(world, strike),
      onBroken: (what) => watch.broken('the-log-follows-on', what),
    },
    life,
  );
  const thoughts = randomStream(scenario.seed, born, 'thinking');
  const thinkers = slowThinkers(ours, thoughts, scenario.thinking, () =>
    struck(world, 'thread-died'),
  );
  const coordinator = createCoordinator(disk.store, ours, thinkers);
  const site: Site = {
    life,
    clock: ours,
    disk,
    gone: Promise.withResolvers(),
    coordinator,
    api: apiHandlers(coordinator, scenario.serve ? SUBMISSIONS : undefined),
    hosts: new Map(),
    openedMs: clock.monotonic(),
    first: world.sites === 0,
    interrupted: new Set(),
  };
  return site;
}

function closeSite(world: World, site: Site): void {
  site.life.dead = true;
  site.gone.resolve();
  if (world.site === site) world.site = undefined;
}

async function runAlone(world: World, site: Site): Promise<void> {
  const { studies, slots, workers, keepGoing } = world.scenario;
  const { coordinator, life } = site;
  const { name, file, seed } = studies[0]!;
  const host = await coordinator.open(specOf(name, file, seed));
  if (life.dead) return;
  open(world, site, host);
  world.site = site;
  const over = host.nextWork();
  const end =
    over.work === 'finished'
      ? over.end
      : await coordinator.run(host, { slots: slots * workers, keepGoing, files: '/' });
  if (life.dead) return;
  await settle(world, host);
  if (life.dead) return;
  if (end !== 'drained') world.ends.set(name, end);
  closeSite(world, site);
  // An interrupted study is taken up again, as people do.
  if (end === 'drained') world.clock.after(200, () => openSite(world));
}

async function serve(world: World, site: Site): Promise<void> {
  const { clock, scenario } = world;
  const resumed = await site.coordinator.resumeOpenRuns(() => '/');
  if (site.life.dead) return;
  world.site = site;
  for (const { host, ended } of resumed) {
    // Who runs a study hears of a failure; here the disk has told already.
    ended.catch(() => undefined);
    open(world, site, host);
  }
  for (const study of scenario.studies) {
    const waitMs = Math.max(0, study.fromMs - clock.monotonic());
    clock.after(waitMs, () => attempt(world, site, () => submit(world, site, study)));
  }
}

async function submit(world: World, site: Site, study: SimulatedStudy): Promise<void> {
  const { api, life, coordinator } = site;
  const { name, file, seed, slots } = study;
  if (life.dead || world.ends.has(name)) return;
  const { keepGoing } = world.scenario;
  const request = { file: { name, ...file }, seed, keepGoing, ...(slots && { slots }) };
  const { state } = await api.submitStudy(request, NOBODY);
  if (life.dead) return;
  const host = coordinator.host(name);
  if (state === 'running') {
    // Its run before may have ended just then.
    world.ends.delete(name);
    return open(world, site, host);
  }
  const next = host.nextWork();
  if (next.work === 'finished') return over(world, site, host, next.end);
}

/** What the log says of a run's end; a study that was interrupted is submitted again, as people do. */
function follow(world: World, site: Site, name: string, end: RunEnd): void {
  const host = site.hosts.get(name);
  if (!world.scenario.serve || host === undefined) return;
  attempt(world, site, () => over(world, site, host, end));
}

async function over(world: World, site: Site, host: StudyHost, end: RunEnd): Promise<void> {
  const { name } = host;
  await settle(world, host);
  // Somebody has submitted it again meanwhile: it goes on.
  if (site.life.dead || host.state.run !== undefined) return;
  site.interrupted.delete(name);
  site.hosts.delete(name);
  // A program with a loop of its own starts a study again that a person has stopped.
  const again = end === 'drained' || (end === 'stopped' && studyNamed(world, name).askers);
  if (!again) world.ends.set(name, end);
  else
    world.clock.after(200, () =>
      attempt(world, site, () => submit(world, site, studyNamed(world, name))),
    );
}

/** Waits until all that the host knows is on disk: only then can both be compared. */
async function settle(world: World, host: StudyHost): Promise<void> {
  const behind = (): boolean => world.store.study(host.name)!.lastEvent < host.state.lastEvent;
  while (behind() && world.watch.breaches.length === 0) await host.commit();
  world.watch.runEnded(host);
}

function open(world: World, site: Site, host: StudyHost): void {
  site.hosts.set(host.name, host);
  // People who have paused it have long resumed it.
  if (host.state.paused !== undefined) resumeSoon(world, site, host.name);
  for (const trial of host.state.pausedTrials) resumeTrialSoon(world, site, host.name, trial);
}

export function resumeSoon(world: World, site: Site, name: string): void {
  world.clock.after(2_000, () =>
    ask(world, site, () => site.api.resumeStudy({ name, reason: 'go on' }, NOBODY)),
  );
}

export function resumeTrialSoon(world: World, site: Site, name: string, trial: number): void {
  world.clock.after(3_000, () =>
    ask(world, site, () => site.api.resumeTrial({ name, trial, reason: 'go on' }, NOBODY)),
  );
}

/** A person asks for something, and may be refused; nothing else may go wrong. */
export function ask(world: World, site: Site, request: () => unknown, kind?: Trouble): void {
  if (site.life.dead) return;
  attempt(world, site, async () => {
    await request();
    if (kind !== undefined) struck(world, kind);
  });
}

function attempt(world: World, site: Site, deed: () => Promise<void>): void {
  deed().catch((error: unknown) => {
    if (site.life.dead || isRefusal(error)) return;
    world.watch.broken('nothing-breaks', stackOf(error));
  });
}
