import { dirname } from 'node:path';
import type { StudyEvent, StudySpec, StudyStatus } from '@fleetune/core';
import type { StudyHost } from '@fleetune/coordinator';
import { runSetup, sweepOrphans } from '@fleetune/worker';
import { filesFolder, openSession, type Session } from './open-session.ts';
import { sinceOpening } from './since-opening.ts';
import { runResult, type RunResult } from './run-result.ts';
import { keepWorker, type WorkerKeeper } from './worker-keeper.ts';

export interface RunOptions {
  spec: StudySpec;
  /** The SQLite file; made when absent. */
  database: string;
  slots: number;
  /** Go on when the first three attempts all crash. */
  keepGoing: boolean;
  onSetupLine?: (line: string) => void;
}

export interface RunSession {
  /** Called after each durable batch of events, first with those of the opening; the answer ends it. */
  subscribe(listener: (events: StudyEvent[]) => void): () => void;
  status(): StudyStatus;
  /** No new trials; running ones are stopped politely and go back to the queue. */
  drain(reason: string): void;
  /** Everything ends now. */
  quit(reason: string): void;
  /** Rejects when the store or the environment failed. */
  done: Promise<RunResult>;
}

/** Runs a study with everything embedded: store, coordinator, HTTP on loopback and one worker process. */
export async function runStudy(options: RunOptions): Promise<RunSession> {
  const { spec, database } = options;
  let session: Session | undefined;
  let keeper: WorkerKeeper | undefined;
  const hire = (): WorkerKeeper =>
    (keeper ??= keepWorker((worker) => session?.coordinator.dispatcher.lost(worker) ?? false));
  // Its start-up runs beside ours; but while a setup runs, its slots would only wait.
  if (spec.setup.length === 0) hire();
  try {
    session = await openSession(database);
    const { coordinator } = session;
    const host = await coordinator.open(spec);
    const { close } = session;
    const interruption = new AbortController();
    const done = work(options, session, host, hire, interruption.signal).finally(async () => {
      keeper?.stop();
      await close();
    });
    return {
      subscribe: (listener) => sinceOpening(coordinator, host, listener),
      status: () => coordinator.status(host),
      drain(reason) {
        interruption.abort(new Error(reason));
        coordinator.drain(reason);
      },
      quit(reason) {
        interruption.abort(new Error(reason));
        coordinator.quit(reason);
      },
      done,
    };
  } catch (error) {
    keeper?.stop();
    await session?.close();
    throw error;
  }
}

async function work(
  options: RunOptions,
  { coordinator, url, token, owner }: Session,
  host: StudyHost,
  hire: () => WorkerKeeper,
  interrupted: AbortSignal,
): Promise<RunResult> {
  const { spec, database, slots, keepGoing, onSetupLine } = options;
  const next = host.nextWork();
  // A program that crashed from the start may have been mended since.
  if (next.work === 'finished' && next.end !== 'start-crash')
    return runResult(next.end, coordinator.status(host));
  const files = filesFolder(database, spec.name);
  // We own the database now: processes of trials that a dead owner left behind must not go on beside ours.
  sweepOrphans(owner);
  await runSetup(spec.setup, {
    cwd: spec.cwd,
    stampFolder: dirname(files),
    onLine: onSetupLine ?? (() => undefined),
    signal: interrupted,
  }).catch((error: unknown) => {
    if (!interrupted.aborted) throw error;
  });
  if (interrupted.aborted) return runResult('drained', coordinator.status(host));
  const keeper = hire();
  keeper.employ({ url, token, slots, owner });
  const running = coordinator.run(host, { slots, keepGoing, files });
  // Whoever runs a study wants it to go on.
  if (host.state.paused !== undefined) {
    const reason = { code: 'user', text: 'run again' };
    await coordinator.control(host, { kind: 'resume-study', reason });
  }
  const end = await Promise.race([running, keeper.failed]);
  return runResult(end, coordinator.status(host));
}
