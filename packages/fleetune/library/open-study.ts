import { hostname } from 'node:os';
import {
  FleetuneError,
  toWire,
  type AttemptEnd,
  type ErrorInfo,
  type StudyCommand,
  type StudyEvent,
  type StudySpec,
  type StudyStatus,
} from '@fleetune/core';
import { EXHAUSTED, type Coordinator, type Ending, type StudyHost } from '@fleetune/coordinator';
import { systemClock } from '@fleetune/platform/node';
import { openSession } from '../session/open-session.ts';
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
  const open = new Set<Release>();
  let asked = 0;
  let closed = false;

  async function end(otherwise: Ending): Promise<void> {
    if (host.state.run === undefined) return;
    const next = host.nextWork();
    const { end, reason } = next.work === 'finished' ? next : otherwise;
    await send(host, { kind: 'end-run', end, reason });
  }

  return {
    async ask() {
      for (;;) {
        const next = host.nextWork();
        if (next.work === 'finished') return void (await end(next));
        const answer = next.work === 'suggest' ? host.suggest(next.trial) : undefined;
        const none = next.work === 'wait' || (typeof answer === 'object' && 'exhausted' in answer);
        if (none || answer === 'pending') {
          if (none && host.state.live.size === 0) return void (await end(EXHAUSTED));
          await news(host);
          if (closed) return undefined;
          continue;
        }
        asked += 1;
        return startAsked<S>(host, `ask-${asked}`, next.trial, answer, open);
      }
    },
    status: () => session.coordinator.status(host),
    [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
    async close() {
      if (closed) return;
      closed = true;
      try {
        await Promise.all([...open].map((release) => release()));
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
  host.subscribe(stream.push);
  host.failed.catch(stream.end);
  await send(host, { kind: 'start-run', slots: 1, keepGoing });
  return host;
}

/** Puts a trial without a result back into the queue. */
type Release = () => Promise<void>;

/** Each asked trial is a worker with one slot of its own, from ask to tell. */
async function startAsked<S extends Space>(
  host: StudyHost,
  worker: string,
  trial: number,
  suggestion: Extract<StudyCommand, { kind: 'start-attempt' }>['suggestion'],
  open: Set<Release>,
): Promise<AskedTrial<S>> {
  const startedMs = systemClock.monotonic();
  const elapsedUs = (): number => Math.round((systemClock.monotonic() - startedMs) * 1000);
  const joined = { worker, host: hostname(), pid: process.pid, slots: 1 };
  apply(host, { kind: 'worker-joined', ...joined });
  apply(host, { kind: 'start-attempt', worker, ...(suggestion && { suggestion }) });
  const record = host.state.trials[trial]!;
  const attempt = record.attempts.length;
  let rows = 0;

  async function report(step: number, metrics: Record<string, number>): Promise<void> {
    const columns = Object.entries(metrics).map(([name, value]) => [name, [toWire(value)]]);
    const row = { step: [step], metrics: Object.fromEntries(columns) };
    const [refusal] = host.report([{ trial, attempt, from: rows, columns: row }]);
    if (refusal !== undefined) throw new FleetuneError(refusal);
    // Before the commit: another report may come meanwhile.
    rows += 1;
    await host.commit();
  }

  async function ended(end: AttemptEnd, why: string): Promise<void> {
    open.delete(release);
    const exitedUs = elapsedUs();
    const use = { worker, slot: 0, spawnedUs: 0, exitedUs };
    apply(host, { kind: 'end-attempt', trial, attempt, end, why, use });
    await send(host, { kind: 'worker-left', worker, how: 'left', atUs: exitedUs, idle: [] });
  }

  const release = (): Promise<void> => ended('preempted', 'the study was closed');
  open.add(release);
  await host.commit();
  return {
    number: trial,
    params: record.params as ParamsOf<S>,
    async report(step, metrics) {
      await report(step, metrics);
      return record.stopping !== undefined;
    },
    async tell(result) {
      const { spec } = host.state;
      const metrics = typeof result === 'number' ? { [spec!.objective.metric]: result } : result;
      if (metrics !== undefined) await report(spec!.fidelity?.max ?? rows + 1, metrics);
      await ended(record.stopping === undefined ? 'completed' : 'stopped', 'told by the program');
    },
    fail: (why) => ended('crashed', why),
  };
}

/** Events, or a suggestion that was pending. Rejects when there will be none, since the store failed. */
function news(host: StudyHost): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const endings = [host.subscribe(() => resolve()), host.onSuggestion(resolve)];
  return Promise.race([promise, host.failed]).finally(() => endings.forEach((end) => end()));
}

async function send(host: StudyHost, command: Parameters<StudyHost['apply']>[0]): Promise<void> {
  apply(host, command);
  await host.commit();
}

function apply(host: StudyHost, command: Parameters<StudyHost['apply']>[0]): void {
  const refusal: ErrorInfo | undefined = host.apply(command);
  if (refusal !== undefined) throw new FleetuneError(refusal);
}
