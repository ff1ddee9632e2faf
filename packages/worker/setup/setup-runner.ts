import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { FleetuneError } from '@fleetune/core';
import type { Clock, Logger } from '@fleetune/platform';
import type { Assignment, Program } from '@fleetune/protocol';
import type { AttemptSink, Interruption, Outcome, Runner, RunningAttempt } from '../runner.ts';
import { runSetup } from './run-setup.ts';
import { withLock } from './setup-lock.ts';

export interface SetupRunnerOptions {
  host: string;
  clock: Clock;
  log: Logger;
}

/** A broken host must not burn through the trials of a study: after a failure the next try waits, longer each time. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

interface Site {
  done: boolean;
  /** The try under way. */
  trying: Promise<void> | undefined;
  failures: number;
  failedAtMs: number;
}

/** Runs the study's setup on this host, once, before the first of its trials. */
export function setupRunner(inner: Runner, options: SetupRunnerOptions): Runner {
  const sites = new Map<string, Site>();
  const closing = new AbortController();

  function siteOf({ setup, cwd }: Program): Site | undefined {
    if (setup === undefined || setup.length === 0) return undefined;
    const key = JSON.stringify([cwd, setup]);
    let site = sites.get(key);
    if (site === undefined) {
      site = { done: false, trying: undefined, failures: 0, failedAtMs: 0 };
      sites.set(key, site);
    }
    return site.done ? undefined : site;
  }

  function start(assignment: Assignment, sink: AttemptSink): RunningAttempt {
    const site = siteOf(assignment.program);
    if (site === undefined) return inner.start(assignment, sink);
    site.trying ??= tryOnce(site, assignment.program, options, closing.signal).finally(
      () => (site.trying = undefined),
    );
    return afterSetup(site.trying, assignment, sink, inner, options);
  }

  return {
    start,
    ...(inner.prepare && {
      prepare(assignment, before) {
        const site = siteOf(assignment.program);
        if (site === undefined) return inner.prepare!(assignment, before);
        return {
          begun: () => false,
          start: (sink) => start(assignment, sink),
          discard: (done) => done(),
        };
      },
    }),
    async close() {
      closing.abort(new Error('the worker leaves'));
      await Promise.allSettled(
        [...sites.values()].map(({ trying }) => trying ?? Promise.resolve()),
      );
      await inner.close();
    },
  };
}

async function tryOnce(
  site: Site,
  { setup, cwd, files }: Program,
  { clock, log, host }: SetupRunnerOptions,
  signal: AbortSignal,
): Promise<void> {
  const retryMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (site.failures - 1));
  const waitMs = site.failures === 0 ? 0 : site.failedAtMs + retryMs - clock.monotonic();
  if (waitMs > 0) await pause(waitMs, clock, signal);
  // Beside the study's folder: studies of one folder share it.
  const place = createHash('sha256').update(cwd).digest('hex').slice(0, 16);
  const folder = join(dirname(files), `setup-${place}`);
  const onLine = (line: string): void => log.info(line);
  const stampFolder = join(folder, host);
  try {
    await withLock(join(folder, 'lock'), clock, signal, () =>
      runSetup(setup!, { cwd, stampFolder, onLine, signal, clock }),
    );
    site.done = true;
  } catch (error) {
    site.failures += 1;
    site.failedAtMs = clock.monotonic();
    if (!signal.aborted) log.error('the setup of a study failed on this host', { error });
    throw error;
  }
}

/** The attempt has begun, as far as its slot is concerned; its program follows. */
function afterSetup(
  setup: Promise<void>,
  assignment: Assignment,
  sink: AttemptSink,
  inner: Runner,
  { clock, host }: SetupRunnerOptions,
): RunningAttempt {
  const begunUs = micros(clock);
  let running: RunningAttempt | undefined;
  let over = false;

  function unstarted(outcome: Pick<Outcome, 'end' | 'why' | 'tail' | 'setupFailed'>): void {
    if (over || running !== undefined) return;
    over = true;
    const nowUs = micros(clock);
    sink.ended({ ...outcome, spawnedUs: nowUs, exitedUs: nowUs, setupUs: nowUs - begunUs });
  }

  function begin(): void {
    if (over) return;
    const setupUs = micros(clock) - begunUs;
    running = inner.start(assignment, {
      report: (row) => sink.report(row),
      backlog: () => sink.backlog(),
      answered: () => sink.answered(),
      exited: () => sink.exited(),
      ended: (outcome) => sink.ended({ ...outcome, setupUs }),
    });
  }

  setup.then(begin, (error: unknown) => unstarted(failure(error, host)));
  const end = (how: 'stop' | 'kill', interruption: Interruption): void => {
    if (running !== undefined) running[how](interruption);
    else queueMicrotask(() => unstarted(interruption));
  };
  return {
    // Before its program has begun there is nothing to keep.
    checkpoint: (reason) => running?.checkpoint(reason),
    stop: (interruption) => end('stop', interruption),
    kill: (interruption) => end('kill', interruption),
  };
}

function failure(
  error: unknown,
  host: string,
): Pick<Outcome, 'end' | 'why' | 'tail' | 'setupFailed'> {
  const { place, message, remedy } =
    error instanceof FleetuneError
      ? error.info
      : { place: 'setup', message: String(error), remedy: '' };
  const [problem = '', ...lines] = message.split('\n');
  const why = `${place} failed on ${host}: ${problem}. ${remedy}`.trim().slice(0, 1000);
  return { end: 'crashed', why, tail: lines.map((line) => line.trim()), setupFailed: true };
}

function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, resolve);
    signal.addEventListener('abort', () => (cancel(), reject(signal.reason as Error)));
  });
}

function micros(clock: Clock): number {
  return Math.round(clock.monotonic() * 1000);
}
