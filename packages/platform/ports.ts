// Every effect that rings 0 and 1 have comes in through one of these; platform/node/ has the real ones.

export interface Clock {
  /** Milliseconds since the epoch, for people and the log; may jump. */
  now(): number;
  /** Milliseconds on a clock that never goes back, for durations and deadlines. */
  monotonic(): number;
  /** Calls back once after `ms`; the answer cancels. Does not keep the process alive when `unref`. */
  after(ms: number, callback: () => void, options?: { unref?: boolean }): () => void;
}

export interface Random {
  /** A random id of letters and digits, unguessable. */
  id(bytes?: number): string;
  /** A seed in [0, 2^32). */
  seed(): number;
  /** In [0, 1): jitter. */
  fraction(): number;
}

export interface Logger {
  debug(message: string, data?: object): void;
  info(message: string, data?: object): void;
  warn(message: string, data?: object): void;
  error(message: string, data?: object): void;
}
