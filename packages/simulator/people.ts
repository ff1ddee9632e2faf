// What people want of studies, trials and workers while they run, through the same requests as anybody.

import type { RandomStream } from '@fleetune/core';
import type { StudyHost } from '@fleetune/coordinator';
import { editStudy } from './draw-study.ts';
import type { Trouble } from './scenario.ts';
import { ask, resumeSoon, resumeTrialSoon } from './site.ts';
import { NOBODY, struck, studyNamed, type Site, type World } from './world.ts';

const REASON = 'seen enough';

export function command(world: World, site: Site, kind: Trouble, random: RandomStream): void {
  const { hosts } = site;
  const host = [...hosts.values()][random.int(Math.max(1, hosts.size))];
  switch (kind) {
    case 'drain':
    case 'quit':
      return leave(world, site, kind, host);
    case 'checkpoint-worker':
    case 'pause-worker':
    case 'drain-worker':
    case 'stop-worker':
      return workerCommand(world, site, kind, random);
    default:
      if (host !== undefined) studyCommand(world, site, host, kind, random);
  }
}

/** Whoever runs a study interrupts it; who serves drains one of several. */
function leave(
  world: World,
  site: Site,
  kind: 'drain' | 'quit',
  host: StudyHost | undefined,
): void {
  const { coordinator, api } = site;
  const { serve } = world.scenario;
  if (serve && (kind === 'quit' || host === undefined)) return;
  if (host !== undefined) site.interrupted.add(host.name);
  if (serve) {
    const request = { name: host!.name, reason: REASON };
    return ask(world, site, () => api.drainStudy(request, NOBODY), kind);
  }
  if (kind === 'drain') coordinator.drain('Ctrl-C');
  else coordinator.quit('Ctrl-C twice');
  struck(world, kind);
}

function studyCommand(
  world: World,
  site: Site,
  host: StudyHost,
  kind: Trouble,
  random: RandomStream,
): void {
  const { api } = site;
  const { name } = host;
  const { length } = host.state.trials;
  // The newest is where most is going on.
  const trial = random.next() < 0.4 ? Math.max(0, length - 1) : random.int(length + 1);
  const one = { name, trial, reason: REASON };
  const wants = (request: () => unknown): void => ask(world, site, request, kind);
  switch (kind) {
    case 'enqueue':
      return wants(() =>
        api.enqueueTrial({ name, params: { x: random.next(), y: 1, k: 'c' } }, NOBODY),
      );
    case 'edit':
      return edit(world, site, name, random);
    case 'stop-trial':
      return wants(() => api.stopTrial(one, NOBODY));
    case 'cancel-trial':
      return wants(() => api.cancelTrial(one, NOBODY));
    case 'checkpoint-trial':
      return wants(() => api.checkpointTrial(one, NOBODY));
    case 'drain-trial':
      return wants(() => api.drainTrial(one, NOBODY));
    case 'pause-trial':
      wants(() => api.pauseTrial(one, NOBODY));
      return resumeTrialSoon(world, site, name, trial);
    case 'revise-trial':
      return revise(world, site, host, random);
    case 'pause-study':
      wants(() => api.pauseStudy({ name, reason: REASON }, NOBODY));
      return resumeSoon(world, site, name);
    default:
      wants(() => api.stopStudy({ name, reason: REASON }, NOBODY));
      site.interrupted.add(name);
  }
}

/** The study file is changed, and handed over again. */
function edit(world: World, site: Site, name: string, random: RandomStream): void {
  const study = studyNamed(world, name);
  const file = editStudy(study.file, random);
  const before = study.file;
  study.file = file;
  const submit = async (): Promise<void> => {
    try {
      await site.api.submitStudy({ file: { name, ...file }, seed: study.seed, run: false }, NOBODY);
    } catch (error) {
      // Refused: people take back what they wrote.
      if (study.file === file && !site.life.dead) study.file = before;
      throw error;
    }
  };
  ask(world, site, submit, 'edit');
}

/** One that has ended is looked at again. */
function revise(world: World, site: Site, { name, state }: StudyHost, random: RandomStream): void {
  const ended = state.trials.filter(({ endedAt }) => endedAt !== undefined);
  const trial = ended[random.int(Math.max(1, ended.length))]?.number;
  if (trial === undefined) return;
  const one = { name, trial, reason: REASON };
  const how = random.int(3);
  const value = random.next();
  const request = (): unknown => {
    if (how === 0) return site.api.retryTrial(one, NOBODY);
    if (how === 1) return site.api.discardTrial(one, NOBODY);
    return site.api.correctTrial({ ...one, value }, NOBODY);
  };
  ask(world, site, request, 'revise-trial');
}

function workerCommand(
  world: World,
  site: Site,
  kind: 'checkpoint-worker' | 'pause-worker' | 'drain-worker' | 'stop-worker',
  random: RandomStream,
): void {
  const { api } = site;
  const workers = site.coordinator.workers();
  const worker = workers[random.int(Math.max(1, workers.length))]?.worker;
  if (worker === undefined) return;
  const one = { worker, reason: 'maintenance' };
  if (kind === 'checkpoint-worker') {
    return ask(world, site, () => api.checkpointWorker(one, NOBODY), kind);
  }
  if (kind === 'drain-worker') return ask(world, site, () => api.drainWorker(one, NOBODY), kind);
  if (kind === 'stop-worker') return ask(world, site, () => api.stopWorker(one, NOBODY), kind);
  ask(world, site, () => api.pauseWorker(one, NOBODY), kind);
  resumeWorkerSoon(world, worker);
}

/** Whoever coordinates by then; people try again while the worker is not there, and when nobody answered. */
function resumeWorkerSoon(world: World, worker: string, tries = 20): void {
  world.clock.after(3_000, () => {
    const { site } = world;
    const again = (): void => {
      if (tries > 0) resumeWorkerSoon(world, worker, tries - 1);
    };
    if (site === undefined) return again();
    const unanswered = site.gone.promise.then(() => 'unanswered');
    ask(world, site, async () => {
      try {
        const resumed = site.api.resumeWorker({ worker, reason: 'seen' }, NOBODY);
        if ((await Promise.race([resumed, unanswered])) === 'unanswered') again();
      } catch (error) {
        again();
        throw error;
      }
    });
  });
}
