import {
  FleetuneError,
  fail,
  toWire,
  type StudyEvent,
  type StudySpec,
  type StudyStatus,
  type WireNumber,
} from '@fleetune/core';
import {
  createAsker,
  type Asker,
  type AttemptId,
  type Coordinator,
  type Ending,
  type StudyHost,
} from '@fleetune/coordinator';
import { systemClock } from '@fleetune/platform/node';
import { openSession } from '../session/open-session.ts';
import { sinceOpening } from '../session/since-opening.ts';
import { eventStream, type EventStream } from './event-stream.ts';
import type { ParamsOf, Space } from './parameter.ts';
import { specOf, type PlaceOptions, type StudyOptions } from './study-options.ts';

/** A study for people with their own loop: ask for params, tell what they gave. */
export interface OpenStudy<S extends Space> extends AsyncIterable<StudyEvent> {
  /** The next trial; waits while only trials under way can bring more; undefined once the study has ended. */
  ask(): Promise<AskedTrial<S> | undefined>;
  status(): StudyStatus;
  /** Trials without a result go back to the queue. */
  close(): Promise<void>;
}

export interface AskedTrial<S extends Space> {
  readonly number: number;
  readonly params: ParamsOf<S>;
  /** Whether the trial should stop now; its result is then what it has reported. */
  report(step: number, metrics: Record<string, number>): Promise<boolean>;
  /** The result: the objective, all metrics, or nothing when they have been reported. */
  tell(result?: number | Record<string, number>): Promise<void>;
  /** It came to no result. It may be tried again (`retries`). */
  fail(why: string): Promise<void>;
}

/** Opens a study, new or stored. Rejects with a FleetuneError for bad options, and when another process owns the database. */
export async function openStudy<S extends Space>(
  options: StudyOptions<S>,
  place: Pick<PlaceOptions, 'database' | 'keepGoing'> = {},
): Promise<OpenStudy<S>> {
  const { database = 'fleetune.db', keepGoing = true } = place;
  const spec = specOf(options, 1);
  const session = await openSession(database);
  const stream = eventStream();
  const host = await begin(session.coordinator, spec, stream, keepGoing).catch(
    async (error: unknown) => {
      await session.close();
      throw error;
    },
  );
  const asker = createAsker(host, systemClock);
  const closing = new AbortController();

  async function end(otherwise: Ending): Promise<void> {
    if (host.state.run === undefined) return;
    const next = host.nextWork();
    const { end, reason } = next.work === 'finished' ? next : otherwise;
    await send(host, { kind: 'end-run', end, reason });
  }

  return {
    async ask() {
      if (closing.signal.aborted) throw fail('study.not-running', host.name, {});
      const asked = await asker.ask({ signal: closing.signal });
      if ('ended' in asked) return void (await end(asked.ended));
      return 'trial' in asked ? askedTrial<S>(asker, host, asked) : undefined;
    },
    status: () => session.coordinator.status(host),
    [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      try {
        await asker.release('the study was closed');
        await end(CLOSED);
      } finally {
        stream.end();
        await session.close();
      }
    },
  };
}

const CLOSED: Ending = {
  end: 'drained',
  reason: { code: 'closed', text: 'the program closed the study' },
};

async function begin(
  coordinator: Coordinator,
  spec: StudySpec,
  stream: EventStream,
  keepGoing: boolean,
): Promise<StudyHost> {
  const host = await coordinator.open(spec);
  sinceOpening(coordinator, host, stream.push);
  host.failed.catch(stream.end);
  await send(host, { kind: 'start-run', slots: 1, keepGoing });
  return host;
}

function askedTrial<S extends Space>(
  asker: Asker,
  host: StudyHost,
  asked: AttemptId & { params: object },
): AskedTrial<S> {
  const id = { trial: asked.trial, attempt: asked.attempt };
  return {
    number: id.trial,
    params: asked.params as ParamsOf<S>,
    report: async (step, metrics) =>
      (await asker.report(id, { step, metrics: wireMetrics(metrics) })).stop,
    async tell(result) {
      const { metric } = host.state.spec!.objective;
      const metrics = typeof result === 'number' ? { [metric]: result } : result;
      await asker.tell(id, metrics === undefined ? {} : { metrics: wireMetrics(metrics) });
    },
    fail: async (why) => void (await asker.tell(id, { end: 'crashed', why })),
  };
}

function wireMetrics(metrics: Record<string, number>): Record<string, WireNumber> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, toWire(value)]));
}

async function send(host: StudyHost, command: Parameters<StudyHost['apply']>[0]): Promise<void> {
  apply(host, command);
  await host.commit();
}

function apply(host: StudyHost, command: Parameters<StudyHost['apply']>[0]): void {
  const refusal = host.apply(command);
  if (refusal !== undefined) throw new FleetuneError(refusal);
}
