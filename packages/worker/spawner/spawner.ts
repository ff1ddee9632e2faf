import type { TrialProcess } from './trial-process.ts';

export interface ProcessSpec {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

export interface ProcessEvents {
  /** `atMs`, of the worker's clock: just before the system was asked for it. */
  started(pid: number, atMs: number): void;
  /** False pauses both streams until `resume`. */
  output(stream: 'stdout' | 'stderr', chunk: Buffer): boolean;
  /** It could not be started; nothing else comes. */
  failed(error: NodeJS.ErrnoException): void;
  /** The program itself is gone. */
  exited(code: number | null, signal: NodeJS.Signals | null, atMs: number): void;
  /** After `exited`: its output has been read, as far as it came within the time for it. */
  drained(): void;
  /** Nobody will ever know its end: who had started it is gone. Nothing else comes. */
  orphaned(): void;
}

/** Starts programs, each as the leader of a process group of its own. */
export interface Spawner {
  start(spec: ProcessSpec, on: ProcessEvents): TrialProcess;
  /** It begins untold in the moment that `before` is gone; without one, when it is told to. */
  hold(spec: ProcessSpec, on: ProcessEvents, before: TrialProcess | undefined): HeldProcess;
  close(): Promise<void>;
}

/** A program that has not begun. */
export interface HeldProcess {
  /** Known before `before` tells that it has exited. */
  begun(): boolean;
  /** Now, if it has not begun. */
  begin(): TrialProcess;
  /** Calls back once it is sure that it does not begin; never when it has. */
  discard(done: () => void): void;
}
