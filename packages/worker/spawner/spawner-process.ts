import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Clock, Logger } from '@fleetune/platform';
import { machineClock } from '@fleetune/platform/node';
import type { HeldProcess, ProcessEvents, Spawner } from './spawner.ts';
import { signalGroup, type TrialProcess } from './trial-process.ts';
import { createFrameReader, type Answer, type Order } from './wire.ts';

export interface SpawnerOptions {
  /** Starts a process that calls `runSpawner(process.stdin, …)`. */
  argv: readonly [string, ...string[]];
  clock: Clock;
  log: Logger;
}

/** A program as the worker knows it. */
interface Entry {
  readonly id: number;
  readonly on: ProcessEvents;
  pid?: number;
  /** Held, and not begun. */
  waits: boolean;
  paused: boolean;
  discarded?: () => void;
}

interface State {
  readonly options: SpawnerOptions;
  /** Our clock is so far behind the machine's. */
  readonly behindMs: number;
  ids: number;
  /** Absent: the latest one is gone, and the next order starts another. */
  child: ChildProcess | undefined;
  /** What the child knows. */
  entries: Map<number, Entry>;
  readonly numbers: WeakMap<TrialProcess, number>;
  closing: boolean;
}

/**
 * Starts programs from a process of its own: a fork holds up its parent until the child has become its program, the
 * longer the more memory the parent has, and the worker has better things to do.
 */
export function spawnSpawner(options: SpawnerOptions): Spawner {
  const state: State = {
    options,
    behindMs: machineClock.monotonic() - options.clock.monotonic(),
    ids: 0,
    child: undefined,
    entries: new Map(),
    numbers: new WeakMap(),
    closing: false,
  };
  open(state);
  return {
    start(spec, on) {
      const entry = newEntry(state, on, false);
      const { id } = entry;
      order(state, { do: 'start', id, spec }, entry);
      return processOf(state, entry);
    },
    hold(spec, on, before) {
      const entry = newEntry(state, on, true);
      const number = before && state.numbers.get(before);
      const { id } = entry;
      order(
        state,
        { do: 'hold', id, spec, ...(number !== undefined && { before: number }) },
        entry,
      );
      return heldProcess(state, entry);
    },
    async close() {
      const { child } = state;
      state.closing = true;
      if (child === undefined) return;
      child.stdin?.end();
      // Nothing else may be left to wait for.
      child.ref();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

function newEntry(state: State, on: ProcessEvents, waits: boolean): Entry {
  state.ids += 1;
  return { id: state.ids, on, waits, paused: false };
}

function open(state: State): ChildProcess {
  const { argv, log } = state.options;
  const [file, ...args] = argv;
  // Detached: signals to the worker's group must not end it.
  const child: ChildProcess = spawn(file, args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {},
  });
  const entries = new Map<number, Entry>();
  Object.assign(state, { child, entries });
  child.stdin?.on('error', () => undefined);
  child.stdout?.on(
    'data',
    createFrameReader({
      answer: (id, answer) => hear(state, entries, id, answer),
      output(id, stream, chunk) {
        const entry = entries.get(id);
        if (entry === undefined || entry.on.output(stream, chunk) || entry.paused) return;
        entry.paused = true;
        tell(state, { do: 'pause', id });
      },
    }),
  );
  child.once('error', (error: NodeJS.ErrnoException) => {
    state.child = undefined;
    for (const { waits, on } of entries.values()) if (!waits) on.failed(error);
    entries.clear();
  });
  // All that it has said has been read.
  child.once('close', () => {
    if (state.child === child) state.child = undefined;
    if (state.closing || entries.size === 0) return;
    log.warn('the process that starts programs ended; its programs are killed');
    orphan(entries);
  });
  child.unref();
  for (const stream of [child.stdin, child.stdout]) (stream as Socket | null)?.unref();
  return child;
}

/** What it does not know yet; a new one is started when there is none. */
function order(state: State, order: Order, entry: Entry): void {
  if (state.child === undefined) open(state);
  state.entries.set(entry.id, entry);
  tell(state, order);
}

/** Nothing to one that has never heard of the process. */
function tell({ child, entries }: State, order: Order): void {
  if (entries.has(order.id)) child?.stdin?.write(`${JSON.stringify(order)}\n`);
}

function hear(state: State, entries: Map<number, Entry>, id: number, answer: Answer): void {
  const entry = entries.get(id);
  if (entry === undefined) return;
  const { on } = entry;
  switch (answer.said) {
    case 'started':
      Object.assign(entry, { waits: false, pid: answer.pid });
      on.started(answer.pid, answer.atMs - state.behindMs);
      break;
    case 'exited': {
      const next = answer.begun === undefined ? undefined : entries.get(answer.begun);
      if (next !== undefined) next.waits = false;
      on.exited(answer.code, answer.signal, answer.atMs - state.behindMs);
      break;
    }
    case 'failed':
      entries.delete(id);
      on.failed(Object.assign(new Error(answer.error.message), answer.error));
      break;
    case 'drained':
      entries.delete(id);
      on.drained();
      break;
    default:
      entries.delete(id);
      entry.discarded?.();
  }
}

function processOf(state: State, entry: Entry): TrialProcess {
  const { id } = entry;
  const process: TrialProcess = {
    signal: (signal) => tell(state, { do: 'signal', id, signal }),
    resume() {
      if (!entry.paused) return;
      entry.paused = false;
      tell(state, { do: 'resume', id });
    },
  };
  state.numbers.set(process, id);
  return process;
}

function heldProcess(state: State, entry: Entry): HeldProcess {
  const { id, on } = entry;
  return {
    begun: () => !entry.waits,
    begin() {
      // One that nobody holds any more may have begun in the last moment.
      if (!state.entries.has(id)) queueMicrotask(() => on.orphaned());
      else if (entry.waits) tell(state, { do: 'begin', id });
      entry.waits = false;
      return processOf(state, entry);
    },
    discard(done) {
      if (!entry.waits) return;
      if (!state.entries.has(id)) return done();
      entry.discarded = done;
      tell(state, { do: 'discard', id });
    },
  };
}

function orphan(entries: Map<number, Entry>): void {
  const all = [...entries.values()];
  entries.clear();
  for (const { waits, pid, on, discarded } of all) {
    if (waits) discarded?.();
    else {
      signalGroup(pid, 'SIGKILL');
      on.orphaned();
    }
  }
}
