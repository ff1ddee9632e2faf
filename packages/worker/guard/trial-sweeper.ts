import type { Clock } from '@fleetune/platform';
import { sweep } from './sweep.ts';

/** Keeps account of process groups and marks, and kills what is left of them. */
export interface TrialSweeper {
  started(group: number): void;
  ended(group: number | undefined, mark: string): void;
  /** Everything that is alive, and every process whose mark begins with `markPrefix`. */
  killAll(markPrefix: string): void;
}

/** A look through all processes takes milliseconds: ends are gathered, and looking stays below 5 % of the time. */
const GATHER_MS = 200;
const SHARE = 20;

export function createTrialSweeper(clock: Clock): TrialSweeper {
  const groups = new Set<number>();
  let marks = new Set<string>();
  let cancel: (() => void) | undefined;
  let pauseMs = GATHER_MS;

  function sweepMarks(): void {
    cancel = undefined;
    const gone = marks;
    marks = new Set();
    const begun = clock.monotonic();
    sweep((mark) => gone.has(mark));
    pauseMs = Math.max(GATHER_MS, SHARE * (clock.monotonic() - begun));
  }

  return {
    started: (group) => void groups.add(group),
    ended(group, mark) {
      if (group !== undefined) {
        killGroup(group);
        groups.delete(group);
      }
      marks.add(mark);
      cancel ??= clock.after(pauseMs, sweepMarks);
    },
    killAll(markPrefix) {
      cancel?.();
      cancel = undefined;
      for (const group of groups) killGroup(group);
      groups.clear();
      sweep((mark) => marks.has(mark) || mark.startsWith(markPrefix));
    },
  };
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
