import { sweep } from './sweep.ts';

/** Keeps account of process groups and marks, and kills what is left of them. */
export interface TrialSweeper {
  started(group: number): void;
  ended(group: number, mark: string): void;
  /** Everything that is alive, and every process whose mark begins with `markPrefix`. */
  killAll(markPrefix: string): void;
}

/** A look through all processes takes milliseconds: ends are gathered, and looking stays below 5 % of the time. */
const GATHER_MS = 200;
const SHARE = 20;

export function createTrialSweeper(): TrialSweeper {
  const groups = new Set<number>();
  let marks = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = GATHER_MS;

  function sweepMarks(): void {
    timer = undefined;
    const gone = marks;
    marks = new Set();
    const begun = performance.now();
    sweep((mark) => gone.has(mark));
    pauseMs = Math.max(GATHER_MS, SHARE * (performance.now() - begun));
  }

  return {
    started: (group) => void groups.add(group),
    ended(group, mark) {
      killGroup(group);
      groups.delete(group);
      marks.add(mark);
      timer ??= setTimeout(sweepMarks, pauseMs);
    },
    killAll(markPrefix) {
      clearTimeout(timer);
      timer = undefined;
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
