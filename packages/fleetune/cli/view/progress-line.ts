import type { Console } from '../console.ts';
import { count } from './figures.ts';

/** How far a long computation is, on the standard error: one line that is written over, or a few plain ones. */
export interface ProgressLine {
  show(done: { clusters: number; ended: number; trials: number | undefined }): void;
  close(): void;
}

/** Whoever waits less does not want to read. */
const TERMINAL_MS = 200;
const PLAIN_MS = 10_000;

export function openProgressLine({ stderr, now, env }: Console): ProgressLine {
  const terminal = stderr.isTTY === true && env.TERM !== 'dumb';
  let shownMs = now();
  let open = false;
  return {
    show({ clusters, ended, trials }) {
      if (now() - shownMs < (terminal ? TERMINAL_MS : PLAIN_MS)) return;
      shownMs = now();
      const of = trials === undefined ? '' : ` of about ${count(trials)}`;
      const text = `simulating ${clusters === 1 ? '1 cluster' : `${clusters} clusters`}: ${count(ended)}${of} trials`;
      stderr.write(terminal ? `\r${text}\u001b[K` : `${text}\n`);
      open = terminal;
    },
    close() {
      if (open) stderr.write('\r\u001b[K');
    },
  };
}
