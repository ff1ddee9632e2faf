import type { MakeChecker } from './watch.ts';

/**
 * A stop that was lost is said again after 5 s, with the next poll (5 s) or its retry (3 s and up to 5 s more), and a
 * program has its grace; a worker that was lost meanwhile has its lease of 15 s.
 */
const HEEDED_MS = 45_000;

/** Liveness: in peace, whoever is told to stop stops soon. */
export const stopsHeeded: MakeChecker = (world, broken) => {
  const { troubleMs } = world.scenario;
  /** When the stop of a live attempt was asked for. */
  const asked = new Map<string, number>();
  return {
    onEvent(event, { name, state }) {
      if (event.kind === 'stop-requested') {
        // A program with a loop of its own hears of it with its next report, if there is one.
        if (state.spec!.command === undefined) return;
        asked.set(`${name}/${event.trial}`, world.clock.monotonic());
      } else if (event.kind === 'attempt-ended') asked.delete(`${name}/${event.trial}`);
    },
    onStep() {
      const nowMs = world.clock.monotonic();
      for (const [trial, sinceMs] of asked) {
        // Nobody may hear it while nobody coordinates.
        const fromMs = Math.max(sinceMs, troubleMs, world.site?.openedMs ?? Infinity);
        if (nowMs - fromMs <= HEEDED_MS) continue;
        asked.delete(trial);
        broken(`${trial} was told to stop ${nowMs - sinceMs} ms ago, and still runs`);
      }
    },
  };
};
