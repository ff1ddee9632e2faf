import { formatDuration } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import type { Program } from '@fleetune/protocol';
import type { Interruption } from '../runner.ts';
import type { TimeOut } from './outcome.ts';

/** How we bring a trial to its end: asked first, then told, then killed. */
export interface TrialEnding {
  /** Why we are ending it, once we are. */
  interruption(): Interruption | TimeOut | undefined;
  stop(interruption: Interruption): void;
  kill(interruption: Interruption): void;
  /** Ends it when it exceeds its limits. */
  watchLimits(): void;
  /** The program printed or reported something. */
  sign(): void;
  /** The process is gone: no more signals. */
  over(): void;
}

export interface EndingEffects {
  signal(signal: NodeJS.Signals): void;
  /** Does the program talk to us through a client? */
  talking(): boolean;
}

/**
 * A program that talks to us is told by the answer to its next report, and has `graceMs` for it. Then, and to any other
 * program at once, SIGTERM goes to the process group, and after another `graceMs` SIGKILL.
 */
export function createTrialEnding(
  limits: Program['limits'],
  clock: Clock,
  effects: EndingEffects,
): TrialEnding {
  let interruption: Interruption | TimeOut | undefined;
  let lastSignMs = clock.monotonic();
  const timers = new Set<() => void>();

  function after(ms: number, then: () => void): void {
    const cancel = clock.after(ms, () => {
      timers.delete(cancel);
      then();
    });
    timers.add(cancel);
  }

  function terminate(): void {
    effects.signal('SIGTERM');
    after(limits.graceMs, () => effects.signal('SIGKILL'));
  }

  function timeOut(why: string): void {
    if (interruption !== undefined) return;
    interruption = { end: 'timed-out', why };
    terminate();
  }

  function watchSilence(silenceMs: number): void {
    const leftMs = lastSignMs + silenceMs - clock.monotonic();
    if (leftMs > 0) after(leftMs, () => watchSilence(silenceMs));
    else timeOut(`printed and reported nothing for ${formatDuration(silenceMs)}`);
  }

  return {
    interruption: () => interruption,
    stop(wanted) {
      if (interruption !== undefined) return;
      interruption = wanted;
      if (effects.talking()) after(limits.graceMs, terminate);
      else terminate();
    },
    kill(wanted) {
      interruption ??= wanted;
      effects.signal('SIGKILL');
    },
    watchLimits() {
      const { trialMs, silenceMs } = limits;
      if (trialMs !== undefined) {
        after(trialMs, () => timeOut(`ran longer than ${formatDuration(trialMs)}`));
      }
      if (silenceMs !== undefined) watchSilence(silenceMs);
    },
    sign() {
      lastSignMs = clock.monotonic();
    },
    over() {
      for (const cancel of timers) cancel();
      timers.clear();
    },
  };
}
