// Simulations beside each other, each in a thread: both sides of the port on Node.js.

import { on } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker, parentPort, workerData } from 'node:worker_threads';
import { assert, fail, type FleetuneError, type StudySpec } from '@fleetune/core';
import { workloadsOf, type Programs } from './programs.ts';
import type { Cluster } from './cluster.ts';
import { predict, type Prediction } from './predict.ts';

/** What all simulations of a study have in common: plain data, which may be large. */
export interface SimulatedStudy {
  spec: StudySpec;
  programs: Programs;
}

export interface Simulation {
  cluster: Cluster;
  seed: number;
}

export interface ThreadsOptions {
  /** A module that calls `runSimulationThread`. */
  entry: string;
  study: SimulatedStudy;
  simulations: readonly Simulation[];
  atOnce: number;
  /** Called now and then with the number of trials that have ended in all simulations together. */
  onProgress(ended: number): void;
}

type Told = { more: number } | { prediction: Prediction };

/** In the order of the simulations, which is also that in which they are begun; fails with what any of them fails with. */
export async function predictInThreads(options: ThreadsOptions): Promise<Prediction[]> {
  const { entry, study, simulations, onProgress } = options;
  const predictions: Prediction[] = [];
  let begun = 0;
  let ended = 0;

  async function share(thread: Worker): Promise<void> {
    const told = on(thread, 'message') as AsyncIterator<[Told]>;
    for (let i = begun++; i < simulations.length; i = begun++) {
      thread.postMessage(simulations[i]);
      try {
        predictions[i] = await predictionOf(told);
      } catch (error) {
        throw isOutOfMemory(error) ? tooLarge(options.study.spec, simulations[i]!) : error;
      }
    }
  }

  async function predictionOf(told: AsyncIterator<[Told]>): Promise<Prediction> {
    for (;;) {
      const [message] = (await told.next()).value as [Told];
      if ('prediction' in message) return message.prediction;
      ended += message.more;
      onProgress(ended);
    }
  }

  const threads = Array.from(
    { length: Math.min(options.atOnce, simulations.length) },
    () => new Worker(entry, { workerData: study }),
  );
  try {
    await Promise.all(threads.map(share));
    return predictions;
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function tooLarge({ name }: StudySpec, { cluster: { workers, slots } }: Simulation): FleetuneError {
  return fail('simulate.memory', name, { workers, slots });
}

/** Bytes, as measured with 10 to 100,000 workers: of any thread, most of it for what dies young; of a slot; of a trial. */
const THREAD = 450e6;
const SLOT = 16e3;
const TRIAL = 800;
/** A thread compiles all of the code anew, which takes as long as to simulate so many trials. */
const WORTH_A_THREAD = 2_000;
/** To start a worker and to end it takes as long as so many trials. */
const WORKER_TRIALS = 8;

/**
 * How many simulations of a cluster at once: one per processor, where half of the memory that is free is enough for
 * all of them. How many trials fit into a budget of time is not known before.
 */
export function threadsFor(
  { workers, slots }: Cluster,
  simulations: number,
  trials: number | undefined,
): number {
  const bytes = THREAD + workers * slots * SLOT + (trials ?? 0) * TRIAL;
  const fitting = Math.floor(process.availableMemory() / 2 / bytes);
  const each = (trials ?? Infinity) + workers * WORKER_TRIALS;
  const worthIt = Math.ceil((simulations * each) / WORTH_A_THREAD);
  return Math.max(1, Math.min(availableParallelism(), fitting, worthIt));
}

export function runSimulationThread(): void {
  assert(parentPort !== null, 'the entry of a simulation is started as a thread');
  const port = parentPort;
  const { spec, programs } = workerData as SimulatedStudy;
  const workloadOf = workloadsOf(spec, programs);
  const tell = (message: Told): void => port.postMessage(message);
  port.on('message', async ({ cluster, seed }: Simulation) => {
    let told = 0;
    const onProgress = (ended: number): void => {
      tell({ more: ended - told });
      told = ended;
    };
    const workload = workloadOf(seed);
    const prediction = await predict({ spec, cluster, workload, seed, onProgress });
    onProgress(prediction.attempts);
    tell({ prediction });
  });
}
