import type { Console } from '../console.ts';

export interface FakeConsole extends Console {
  /** What was written so far. */
  out(): string;
  err(): string;
  signal(signal: NodeJS.Signals): void;
  resize(columns: number, rows: number): void;
  /** Moves the clock and calls every timer that is due. */
  advance(ms: number): void;
  exit(): void;
}

export interface FakeConsoleOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Columns and rows; absent: not a terminal. */
  terminal?: [number, number];
}

export function fakeConsole({
  cwd = '/',
  env = {},
  terminal,
}: FakeConsoleOptions = {}): FakeConsole {
  const written = { out: '', err: '' };
  const listeners = { signal: new Set<(signal: NodeJS.Signals) => void>() };
  const resized = new Set<() => void>();
  const exits = new Set<() => void>();
  const timers = new Set<{ every: number; due: number; callback: () => void }>();
  let now = 0;
  const on = <T>(set: Set<T>, item: T): (() => void) => {
    set.add(item);
    return () => void set.delete(item);
  };
  const stdout: Console['stdout'] = {
    write: (text) => void (written.out += String(text)),
    isTTY: terminal !== undefined,
    columns: terminal?.[0],
    rows: terminal?.[1],
  };
  return {
    stdout,
    stderr: { write: (text) => void (written.err += String(text)), isTTY: terminal !== undefined },
    env,
    cwd,
    program: 'fleetune',
    onSignal: (listener) => on(listeners.signal, listener),
    onResize: (listener) => on(resized, listener),
    onExit: (restore) => on(exits, restore),
    now: () => now,
    every: (every, callback) => on(timers, { every, due: now + every, callback }),
    out: () => written.out,
    err: () => written.err,
    signal: (signal) => listeners.signal.forEach((listener) => listener(signal)),
    resize(columns, rows) {
      stdout.columns = columns;
      stdout.rows = rows;
      resized.forEach((listener) => listener());
    },
    advance(ms) {
      now += ms;
      for (const timer of timers) {
        if (timer.due > now) continue;
        timer.due = now + timer.every;
        timer.callback();
      }
    },
    exit: () => exits.forEach((restore) => restore()),
  };
}
