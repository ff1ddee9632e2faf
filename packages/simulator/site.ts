import { randomStream, type RunEnd } from '@fleetune/core';
import { createCoordinator, type StudyHost } from '@fleetune/coordinator';
import { checkReplay } from './checkers/replay.ts';
import { mortalClock, mortalStore, type Life } from './faults/mortal.ts';
import type { SimulatedStudy } from './scenario.ts';
import { closeSite, type Site, type World } from './world.ts';

/** A process that coordinates: as `fleetune run` does, one study to its end, or as `fleetune serve`. */
export function openSite(world: World): void {
  const { scenario, clock, store } = world;
  const life: Life = { dead: false };
  const random = randomStream(scenario.seed, Math.round(clock.monotonic()), 'store');
  const site: Site = {
    life,
    gone: Promise.withResolvers(),
    coordinator: createCoordinator(
      mortalStore(store, { clock, random, longestMs: scenario.diskMs }, life),
      mortalClock(clock, life),
    ),
    hosts: new Map(),
    openedMs: clock.monotonic(),
    first: world.sites === 0,
    interrupted: new Set(),
  };
  world.sites += 1;
  attempt(world, site, () => (scenario.serve ? serve(world, site) : runAlone(world, site)));
}

async function runAlone(world: World, site: Site): Promise<void> {
  const { studies, slots, workers, keepGoing } = world.scenario;
  const { coordinator, life } = site;
  const host = await coordinator.open(studies[0]!.spec);
  if (life.dead) return;
  open(world, site, host);
  world.site = site;
  const over = host.nextWork();
  const end =
    over.work === 'finished'
      ? over.end
      : await coordinator.run(host, { slots: slots * workers, keepGoing, files: '/' });
  await ended(world, site, host, end);
  if (life.dead) return;
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
    open(world, site, host);
    attempt(world, site, async () => follow(world, site, host, await ended));
  }
  for (const study of scenario.studies) {
    const waitMs = Math.max(0, study.fromMs - clock.monotonic());
    clock.after(waitMs, () => attempt(world, site, () => submit(world, site, study)));
  }
}

async function submit(world: World, site: Site, study: SimulatedStudy): Promise<void> {
  const { coordinator, life } = site;
  const { spec, slots } = study;
  if (life.dead || world.ends.has(spec.name)) return;
  const host = await coordinator.open(spec);
  if (life.dead || coordinator.isRunning(host)) return;
  open(world, site, host);
  const over = host.nextWork();
  if (over.work === 'finished') return ended(world, site, host, over.end);
  const { keepGoing } = world.scenario;
  const options = { keepGoing, files: '/', shared: true, ...(slots && { slots }) };
  await follow(world, site, host, await coordinator.run(host, options));
}

async function follow(world: World, site: Site, host: StudyHost, end: RunEnd): Promise<void> {
  await ended(world, site, host, end);
  const { name } = host;
  site.interrupted.delete(name);
  site.hosts.delete(name);
  if (end !== 'drained') return;
  const study = world.scenario.studies.find(({ spec }) => spec.name === name)!;
  world.clock.after(200, () => attempt(world, site, () => submit(world, site, study)));
}

async function ended(world: World, site: Site, host: StudyHost, end: RunEnd): Promise<void> {
  if (site.life.dead) return;
  while (world.store.study(host.name)!.lastEvent < host.state.lastEvent) await host.commit();
  if (site.life.dead) return;
  world.broken.push(...checkReplay(world.store, host));
  if (end !== 'drained') world.ends.set(host.name, end);
}

function open(world: World, site: Site, host: StudyHost): void {
  site.hosts.set(host.name, host);
  // People who have paused it have long resumed it.
  if (host.state.paused !== undefined) resumeSoon(world, site, host);
}

export function resumeSoon(world: World, site: Site, host: StudyHost): void {
  world.clock.after(2_000, () => {
    if (site.life.dead) return;
    const reason = { code: 'user', text: 'go on' };
    // A run that was killed or has ended meanwhile is resumed with the next.
    site.coordinator.control(host, { kind: 'resume-study', reason }).catch(() => undefined);
  });
}

function attempt(world: World, site: Site, deed: () => Promise<void>): void {
  deed().catch(
    (error: unknown) => site.life.dead || world.broken.push(`a run broke: ${String(error)}`),
  );
}
