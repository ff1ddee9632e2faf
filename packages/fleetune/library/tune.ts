import { hostname } from 'node:os';
import type { Incumbent, RunEnd, StudyEvent, StudyStatus } from '@fleetune/core';
import { silentLogger, systemClock, systemRandom } from '@fleetune/platform/node';
import { createWorker, functionRunner, type TrialContext } from '@fleetune/worker';
import { filesFolder, openSession } from '../session/open-session.ts';
import { sinceOpening } from '../session/since-opening.ts';
import { eventStream } from './event-stream.ts';
import type { ParamsOf, Space } from './parameter.ts';
import { specOf, type PlaceOptions, type StudyOptions } from './study-options.ts';

/** What the function gives back: the objective, or all metrics; nothing when it has reported them. */
export type FunctionResult = number | Record<string, number> | void;

export interface FunctionStudy<S extends Space> extends StudyOptions<S> {
  /** Trains with the params and returns the objective. Runs in this process; a throw is a crash of the trial. */
  function(params: ParamsOf<S>, trial: TrialContext): FunctionResult | Promise<FunctionResult>;
}

export type BestTrial<S extends Space> = Omit<Incumbent, 'params'> & { params: ParamsOf<S> };

export interface TuneResult<S extends Space> {
  end: RunEnd;
  /** Of one objective. */
  incumbent: BestTrial<S> | undefined;
  /** Of several objectives: the trials that no other one beats in all of them. */
  front: BestTrial<S>[] | undefined;
  status: StudyStatus;
}

/** Await it for the result, iterate over it for the events. */
export interface Tuning<S extends Space>
  extends PromiseLike<TuneResult<S>>, AsyncIterable<StudyEvent> {}

/**
 * Tunes a function of this process. The same study, store and resume as the command `fleetune run`: called again, it
 * goes on where it was. Rejects with a FleetuneError for bad options and for failures of the store.
 */
export function tune<S extends Space>(
  study: FunctionStudy<S>,
  place: PlaceOptions = {},
): Tuning<S> {
  const stream = eventStream();
  const result = run(study, place, stream.push);
  result.then(
    () => stream.end(),
    (error: unknown) => stream.end(error),
  );
  return {
    then: (fulfilled, rejected) => result.then(fulfilled, rejected),
    [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
  };
}

async function run<S extends Space>(
  study: FunctionStudy<S>,
  place: PlaceOptions,
  onEvents: (events: StudyEvent[]) => void,
): Promise<TuneResult<S>> {
  const { function: objective, ...options } = study;
  const { database = 'fleetune.db', slots = 1, keepGoing = false, signal } = place;
  const spec = specOf(options, slots);
  const { coordinator, close } = await openSession(database);
  try {
    const host = await coordinator.open(spec);
    sinceOpening(coordinator, host, onEvents);
    const next = host.nextWork();
    // A function that threw from the start may have been mended since.
    if (next.work === 'finished' && next.end !== 'start-crash')
      return resultOf(next.end, coordinator.status(host));
    const worker = createWorker({
      link: coordinator.dispatcher,
      slots,
      host: hostname(),
      pid: process.pid,
      clock: systemClock,
      random: systemRandom,
      runner: functionRunner(objective as Parameters<typeof functionRunner>[0], systemClock),
      log: silentLogger,
    });
    const files = filesFolder(database, spec.name);
    const ended = coordinator.run(host, { slots, keepGoing, files });
    const drain = (): void => coordinator.drain('aborted by the signal');
    if (signal?.aborted) drain();
    signal?.addEventListener('abort', drain, { once: true });
    try {
      await Promise.all([worker.run(), ended]);
    } finally {
      signal?.removeEventListener('abort', drain);
      // Whatever failed, no function goes on for a study that nobody keeps.
      worker.quit('the study has ended');
    }
    return resultOf(await ended, coordinator.status(host));
  } finally {
    await close();
  }
}

function resultOf<S extends Space>(end: RunEnd, status: StudyStatus): TuneResult<S> {
  const incumbent = status.incumbent as BestTrial<S> | undefined;
  return { end, incumbent, front: status.front as BestTrial<S>[] | undefined, status };
}
