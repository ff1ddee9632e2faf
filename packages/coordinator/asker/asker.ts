// Trials for people with a loop of their own (DESIGN §8): in this process through the library, or over HTTP. Each asked
// trial is a worker with one slot of its own, from ask to tell.

import {
  FleetuneError,
  assert,
  fail,
  type AttemptEnd,
  type AttemptRecord,
  type NextWork,
  type Params,
  type Reason,
  type Suggestion,
  type TrialRecord,
  type TrialState,
  type WireNumber,
} from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import type { StudyHost } from '../study-host.ts';
import { EXHAUSTED, type Ending } from '../study-run.ts';
import { beyondLimit } from '../run-limit.ts';
import { isSameResult } from './same-result.ts';

export interface Asker {
  /** The next trial; waits while only running trials can bring more. Throws `study.not-running`. */
  ask(options?: AskOptions): Promise<Asked>;
  report(id: AttemptId, report: AskedReport): Promise<AskedVerdict>;
  /** The same result again is taken as heard; another one is refused with `attempt.told`. */
  tell(id: AttemptId, result: AskedResult): Promise<TrialState>;
  /** Trials without a result go back to the queue. */
  release(why: string): Promise<void>;
  /** The coordinator goes away: trials stay as they are for the next one, and nothing more is taken. */
  abandon(): void;
}

export interface AskOptions {
  /** Without a word for so long the trial goes back to the queue. Default: never. */
  leaseMs?: number;
  /** Default: for ever. */
  waitMs?: number;
  /** Whoever asks has gone: nothing is handed out any more. */
  signal?: { readonly aborted: boolean };
}

export type Asked =
  | {
      trial: number;
      attempt: number;
      params: Params;
      fidelityTarget?: number;
    }
  | { wait: Reason }
  | { ended: Ending };

export interface AttemptId {
  trial: number;
  attempt: number;
}

export interface AskedReport {
  /** Default: the number of the report. */
  step?: number;
  metrics: Record<string, WireNumber>;
}

export interface AskedVerdict {
  stop: boolean;
  /** Why it should stop. */
  reason?: Reason;
  /** Somebody wants a checkpoint now; said once. */
  checkpoint?: true;
}

export interface AskedResult {
  /** Absent: what was reported is the result. */
  metrics?: Record<string, WireNumber>;
  end?: AttemptEnd;
  why?: string;
}

export interface AskerOptions {
  /** The sampler has nothing left to propose, and nothing runs. */
  onExhausted?(): void;
  /** How many trials the run may have at a time; absent: any number. */
  limit?(): number;
}

interface Lease {
  startedMs: number;
  ttlMs: number | undefined;
  cancel(): void;
}

export function createAsker(host: StudyHost, clock: Clock, options: AskerOptions = {}): Asker {
  const leases = new Map<string, Lease>();
  /** Workers of attempts that are asked for a checkpoint. */
  const checkpoints = new Set<string>();
  let waiting = new Set<() => void>();
  let failure: { error: unknown } | undefined;
  let abandoned = false;
  host.subscribe((events) => {
    for (const event of events) {
      if (event.kind === 'checkpoint-requested') checkpoints.add(workerOf(event));
    }
    wake();
  });
  host.onSuggestion(wake);
  host.failed.catch((error: unknown) => {
    failure = { error };
    wake();
  });
  // A restart has forgotten their leases.
  for (const trial of host.state.live) {
    const { worker } = host.state.trials[trial]!.attempts.at(-1)!;
    if (isAsked(worker)) hold(worker, clock.monotonic(), ORPHAN_LEASE_MS);
  }

  function wake(): void {
    const woken = waiting;
    waiting = new Set();
    for (const resolve of woken) resolve();
  }

  /** Resolves with the next events, a suggestion that was pending, or after `ms`. */
  async function news(ms: number | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.add(resolve);
    const cancel = ms === undefined ? undefined : clock.after(ms, resolve, { unref: true });
    await promise;
    cancel?.();
    waiting.delete(resolve);
    if (failure !== undefined) throw failure.error;
  }

  function take(trial: number, suggestion: Suggestion | undefined, ttlMs?: number): AttemptId {
    const attempt = (host.state.trials[trial]?.attempts.length ?? 0) + 1;
    const worker = workerOf({ trial, attempt });
    if (host.state.run === undefined) throw fail('study.not-running', host.name, {});
    apply(host, { kind: 'worker-joined', worker, host: 'own loop', pid: 0, slots: 1 });
    const start = { kind: 'start-attempt', worker, ...(suggestion && { suggestion }) } as const;
    const refusal = host.apply(start);
    if (refusal !== undefined) {
      leave(worker, 'left');
      throw new FleetuneError(refusal);
    }
    hold(worker, clock.monotonic(), ttlMs);
    return { trial, attempt };
  }

  /** Begins the lease, anew after each word. */
  function hold(worker: string, startedMs: number, ttlMs: number | undefined): void {
    leases.get(worker)?.cancel();
    const cancel =
      ttlMs === undefined
        ? () => undefined
        : clock.after(ttlMs, () => expire(worker), { unref: true });
    leases.set(worker, { startedMs, ttlMs, cancel });
  }

  function expire(worker: string): void {
    leave(worker, 'lost');
    // A failed commit is told to whoever runs the study.
    host.commit().catch(() => undefined);
  }

  function leave(worker: string, how: 'left' | 'lost'): void {
    const atUs = elapsedUs(worker);
    leases.get(worker)?.cancel();
    leases.delete(worker);
    checkpoints.delete(worker);
    host.apply({ kind: 'worker-left', worker, how, atUs, idle: [] });
  }

  function elapsedUs(worker: string): number {
    const startedMs = leases.get(worker)?.startedMs ?? clock.monotonic();
    return Math.round((clock.monotonic() - startedMs) * 1000);
  }

  function endAttempt(id: AttemptId, end: AttemptEnd, why: string): void {
    const worker = workerOf(id);
    const use = { worker, slot: 0, spawnedUs: 0, exitedUs: elapsedUs(worker) };
    apply(host, { kind: 'end-attempt', ...id, end, why, use });
    leave(worker, 'left');
  }

  async function giveBack(ids: readonly AttemptId[], why: string): Promise<void> {
    for (const id of ids) endAttempt(id, 'preempted', why);
    await host.commit();
  }

  function nextWork(): NextWork {
    const next = host.nextWork();
    if (next.work === 'finished' || next.work === 'wait') return next;
    const reason = beyondLimit(host.state, options.limit?.() ?? Infinity);
    return reason === undefined ? next : { work: 'wait', category: 'drained', reason };
  }

  return {
    async ask({ leaseMs, waitMs, signal } = {}) {
      const endsAtMs = waitMs === undefined ? undefined : clock.monotonic() + waitMs;
      for (;;) {
        if (abandoned) throw fail('coordinator.closing', '', {});
        if (signal?.aborted) return { wait: GONE };
        const next = nextWork();
        if (next.work === 'finished') return { ended: next };
        const answer = next.work === 'suggest' ? host.suggest(next.trial) : undefined;
        const exhausted = typeof answer === 'object' && 'exhausted' in answer;
        if (exhausted && host.state.live.size === 0) {
          options.onExhausted?.();
          return { ended: EXHAUSTED };
        }
        if (next.work !== 'wait' && answer !== 'pending' && !exhausted) {
          const id = take(next.trial, answer, leaseMs);
          await host.commit();
          if (signal?.aborted) await giveBack([id], GONE.text);
          const { params } = host.state.trials[id.trial]!;
          const target = host.state.spec?.fidelity?.max;
          return { ...id, params, ...(target !== undefined && { fidelityTarget: target }) };
        }
        const leftMs = endsAtMs === undefined ? undefined : endsAtMs - clock.monotonic();
        if (leftMs !== undefined && leftMs <= 0) {
          return { wait: next.work === 'wait' ? next.reason : SUGGESTION };
        }
        await news(leftMs);
        const { run, end } = host.state;
        if (run === undefined && end !== undefined) return { ended: end };
      }
    },
    async report(id, { step, metrics }) {
      if (abandoned) throw fail('coordinator.closing', '', {});
      const { trial, record } = asked(host, id);
      addRow(host, id, record.rows, step, metrics);
      const lease = leases.get(record.worker);
      assert(lease !== undefined, 'a live attempt that was asked for has a lease');
      hold(record.worker, lease.startedMs, lease.ttlMs);
      await host.commit();
      const { stopping } = trial;
      return {
        stop: stopping !== undefined,
        ...(stopping && { reason: stopping.reason }),
        ...(checkpoints.delete(record.worker) && { checkpoint: true }),
      };
    },
    async tell(id, { metrics, end: told, why = 'told by the program' }) {
      if (abandoned) throw fail('coordinator.closing', '', {});
      const { trial } = asked(host, id, (trial, record) => {
        const same = isSameResult(host.state.spec!, trial, id.attempt, { metrics, end: told });
        if (!same) throw fail('attempt.told', 'attempt', { ...id, was: record.end ?? 'ended' });
      });
      if (trial.attempts[id.attempt - 1]!.end === undefined) {
        const ending = told ?? (trial.stopping === undefined ? 'completed' : 'stopped');
        if (ending === 'completed') requireValue(host, trial, metrics);
        if (metrics !== undefined) addResult(host, id, trial, metrics);
        endAttempt(id, ending, why);
      }
      await host.commit();
      return trial.state;
    },
    release: (why) => giveBack([...leases.keys()].map(idOf), why),
    abandon() {
      abandoned = true;
      for (const { cancel } of leases.values()) cancel();
      wake();
    },
  };
}

/** For attempts whose own lease a restart has forgotten. */
const ORPHAN_LEASE_MS = 600_000;

const GONE: Reason = { code: 'gone', text: 'whoever asked has gone' };

const SUGGESTION: Reason = {
  code: 'suggestion',
  text: 'the next suggestion is being made, or waits for running trials',
};

/** No worker that registers has a slash in its name. */
function workerOf({ trial, attempt }: AttemptId): string {
  return `ask/${trial}.${attempt}`;
}

function isAsked(worker: string): boolean {
  return worker.startsWith('ask/');
}

function idOf(worker: string): AttemptId {
  const [trial, attempt] = worker.slice('ask/'.length).split('.').map(Number);
  return { trial: trial!, attempt: attempt! };
}

/** The attempt, when it was asked for and still lives. `ended` decides about one that came to its end here. */
function asked(
  host: StudyHost,
  id: AttemptId,
  ended: (trial: TrialRecord, record: AttemptRecord) => void = () => {
    throw fail('attempt.stale', 'attempt', { ...id });
  },
): { trial: TrialRecord; record: AttemptRecord } {
  if (host.killed) throw fail('study.not-running', host.name, {});
  const trial = host.state.trials[id.trial];
  if (trial === undefined) throw fail('trial.not-found', 'trial', { trial: id.trial });
  const record = trial.attempts[id.attempt - 1];
  if (record?.worker !== workerOf(id)) throw fail('attempt.stale', 'attempt', { ...id });
  if (record.end === 'lost') throw fail('attempt.stale', 'attempt', { ...id });
  if (record.end !== undefined) ended(trial, record);
  return { trial, record };
}

function addResult(
  host: StudyHost,
  id: AttemptId,
  trial: TrialRecord,
  metrics: Record<string, WireNumber>,
): void {
  const { rows } = trial.attempts[id.attempt - 1]!;
  addRow(host, id, rows, host.state.spec?.fidelity?.max, metrics);
}

function addRow(
  host: StudyHost,
  id: AttemptId,
  from: number,
  step: number | undefined,
  metrics: Record<string, WireNumber>,
): void {
  const columns = Object.entries(metrics).map(([name, value]) => [name, [value]]);
  const row = { step: [step ?? from + 1], metrics: Object.fromEntries(columns) };
  const [refusal] = host.report([{ ...id, from, columns: row }]);
  if (refusal !== undefined) throw new FleetuneError(refusal);
}

/** A result without the objective is a slip of the pen, not a failed trial. */
function requireValue(
  host: StudyHost,
  trial: TrialRecord,
  metrics: Record<string, WireNumber> | undefined,
): void {
  const { metric } = host.state.spec!.objective;
  if (trial.value !== undefined || Object.hasOwn(metrics ?? {}, metric)) return;
  throw fail('input.missing', `metrics.${metric}`, {});
}

function apply(host: StudyHost, command: Parameters<StudyHost['apply']>[0]): void {
  const refusal = host.apply(command);
  if (refusal !== undefined) throw new FleetuneError(refusal);
}
