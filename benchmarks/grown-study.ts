// A study with a long, lawful history, made by the real coordinator: workers of eight slots take trials, report and end
// them, ASHA stops two of three at its first rung. A trial gives 20 reports on average.

import { createCoordinator, type StudyHost } from '@fleetune/coordinator';
import type { Store } from '@fleetune/coordinator/store';
import {
  createSampler,
  randomStream,
  searchSpace,
  type AttemptRecord,
  type ReportItem,
  type StudySpec,
} from '@fleetune/core';
import { manualClock } from '@fleetune/platform/testing';

const SLOTS = 8;
/** Two of three stop at 12 reports, the others give 36. */
const RUNG = 12;
const FULL = 36;
const TICK_MS = 100;
/** Syncs of the disk are what takes the time. */
const TICKS_PER_SYNC = 64;

export interface GrownStudy {
  readonly host: StudyHost;
  /** Goes on until so many trials have been created. */
  until(trials: number): Promise<void>;
  /** Every worker exchanges once, and the study commits. */
  tick(): void;
  /** Everything so far is on disk. */
  synced(): Promise<void>;
}

/** `workers` × 8 slots. */
export async function grownStudy(store: Store, workers: number): Promise<GrownStudy> {
  const clock = manualClock();
  const coordinator = createCoordinator(store, clock);
  const host = await coordinator.open(spec);
  const names = Array.from({ length: workers }, (_, i) => `worker-${i}`);
  refuseNothing(host.apply({ kind: 'start-run', slots: workers * SLOTS, keepGoing: true }));
  for (const worker of names) {
    refuseNothing(
      host.apply({ kind: 'worker-joined', worker, host: 'host', pid: 1, slots: SLOTS }),
    );
  }
  const sampler = createSampler({ type: 'random' }, searchSpace(spec.space, []), spec.seed);
  let ticks = 0;

  function tick(): void {
    ticks += 1;
    clock.advance(TICK_MS);
    for (const worker of names) exchange(host, worker, ticks, sampler);
    void host.commit();
  }

  return {
    host,
    tick,
    synced: () => host.commit(),
    async until(trials) {
      while (host.state.trials.length < trials) {
        tick();
        if (ticks % TICKS_PER_SYNC === 0) await host.commit();
      }
      await host.commit();
    },
  };
}

type Sampler = ReturnType<typeof createSampler>;

/** One row of every running trial, the ends of those that are done, and new trials for their slots. */
function exchange(host: StudyHost, worker: string, ticks: number, sampler: Sampler): void {
  const { slots } = host.state.workers.get(worker)!;
  const items = slots.flatMap(({ trial }) => (trial === undefined ? [] : [row(host, trial)]));
  for (const refusal of host.report(items)) refuseNothing(refusal);
  slots.forEach(({ trial }, slot) => {
    if (trial !== undefined) {
      const record = host.state.trials[trial]!;
      const attempt = record.attempts.at(-1)!;
      if (record.stopping === undefined && attempt.rows < FULL) return;
      end(host, trial, attempt, ticks);
    }
    const { params, sampler: name, reason } = suggested(sampler, host.state.trials.length);
    const suggestion = { params, sampler: name, reason };
    refuseNothing(host.apply({ kind: 'start-attempt', worker, slot, suggestion }));
  });
}

function suggested(sampler: Sampler, trial: number) {
  const suggestion = sampler.suggest(trial);
  if ('exhausted' in suggestion) throw new Error('the space is exhausted');
  return suggestion;
}

function row(host: StudyHost, trial: number): ReportItem {
  const { attempts } = host.state.trials[trial]!;
  const from = attempts.at(-1)!.rows;
  const loss = lossAt(trial, from + 1);
  const columns = { step: [from + 1], metrics: { loss: [loss], accuracy: [1 / (1 + loss)] } };
  return { trial, attempt: attempts.length, from, columns };
}

function end(host: StudyHost, trial: number, { worker, slot, rows }: AttemptRecord, tick: number) {
  const exitedUs = tick * TICK_MS * 1000 - 700;
  const spawnedUs = exitedUs - rows * TICK_MS * 1000 + 900;
  const { length: attempt } = host.state.trials[trial]!.attempts;
  refuseNothing(
    host.apply({
      kind: 'end-attempt',
      trial,
      attempt,
      end: 'completed',
      exit: { code: 0 },
      use: { worker, slot, spawnedUs, exitedUs },
      waits: { suggestionUs: 40, decisionUs: 0, tailUs: 0, drainedUs: 0 },
    }),
  );
}

/** A training curve that depends on nothing but its place. */
function lossAt(trial: number, step: number): number {
  const random = randomStream(7, trial, 'bench');
  const [floor, noise] = [random.next(), 0.02 * ((trial * 31 + step * 17) % 29)];
  return floor + (1 + noise) / step;
}

function refuseNothing(refusal: { code: string } | undefined): void {
  if (refusal !== undefined) throw new Error(`the study refused: ${JSON.stringify(refusal)}`);
}

const float = (name: string) => ({ name, type: 'float', low: 1e-5, high: 1, log: true }) as const;

const spec: StudySpec = {
  name: 'grown',
  objective: { metric: 'loss', direction: 'minimize' },
  space: [
    ...['lr', 'decay', 'dropout', 'momentum', 'epsilon', 'warmup'].map(float),
    { name: 'units', type: 'int', low: 16, high: 512, step: 1, log: true },
    { name: 'layers', type: 'int', low: 1, high: 8, step: 1, log: false },
    { name: 'solver', type: 'categorical', choices: ['adam', 'sgd', 'lion'] },
    { name: 'activation', type: 'categorical', choices: ['relu', 'gelu'] },
  ],
  constraints: [],
  fidelity: { metric: 'epoch', min: RUNG, max: FULL },
  sampler: { type: 'random' },
  scheduler: { type: 'asha', eta: 3 },
  budget: {},
  setup: [],
  command: ['true'],
  cwd: '/',
  env: {},
  metrics: { from: 'stdout-json' },
  extraMetrics: ['accuracy'],
  resources: { cpus: 1, gpus: 0 },
  engine: { type: 'local', slots: 8 },
  limits: { graceMs: 5000 },
  retries: { crashed: 0 },
  seed: 1,
  reproducible: false,
};
