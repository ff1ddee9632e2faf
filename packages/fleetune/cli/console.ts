// What the command line touches of its process: tests bring their own.

export interface Output {
  write(text: string | Uint8Array): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
  rows?: number | undefined;
}

export interface Console {
  stdout: Output;
  stderr: Output;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** How the command was called. */
  program: string;
  /** Calls back on SIGINT, SIGTERM, SIGHUP and others that are named; the answer stops that. */
  onSignal(
    listener: (signal: NodeJS.Signals) => void,
    others?: readonly NodeJS.Signals[],
  ): () => void;
  /** Calls back when the terminal changed its size. */
  onResize(listener: () => void): () => void;
  /** Runs `restore` when the process ends, however it does short of a kill. */
  onExit(restore: () => void): () => void;
  now(): number;
  /** Calls back again and again until the answer is called. */
  every(ms: number, callback: () => void): () => void;
}

export function processConsole(program: string): Console {
  const { stdout, stderr, env } = process;
  return {
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    program,
    onSignal(listener, others = []) {
      const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', ...others] as const;
      for (const signal of signals) process.on(signal, listener);
      return () => signals.forEach((signal) => process.off(signal, listener));
    },
    onResize(listener) {
      stdout.on('resize', listener);
      return () => stdout.off('resize', listener);
    },
    onExit(restore) {
      process.on('exit', restore);
      return () => process.off('exit', restore);
    },
    now: Date.now,
    every(ms, callback) {
      const timer = setInterval(callback, ms);
      return () => clearInterval(timer);
    },
  };
}

export function print(console: Console, lines: readonly string[]): void {
  if (lines.length > 0) console.stdout.write(`${lines.join('\n')}\n`);
}

/** https://no-color.org and https://force-color.org: set and not empty counts; NO_COLOR wins. */
export function hasColour(output: Output, env: Console['env']): boolean {
  if ((env.NO_COLOR ?? '') !== '') return false;
  const force = env.FORCE_COLOR ?? '';
  if (force !== '') return force !== '0' && force !== 'false';
  return output.isTTY === true && env.TERM !== 'dumb';
}

/** A view that redraws itself needs a terminal that can, and a person before it. */
export function isInteractive({ stdout, env }: Console): boolean {
  return stdout.isTTY === true && env.TERM !== 'dumb' && (env.CI ?? '') === '';
}

export function printJson(console: Console, value: unknown): void {
  console.stdout.write(`${JSON.stringify(value)}\n`);
}
