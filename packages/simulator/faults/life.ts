import type { Clock } from '@fleetune/platform';

/** A process: it may be killed or frozen at any moment, and its wall clock may be wrong. */
export interface Life {
  dead: boolean;
  /** Until then (world's clock) nothing of it happens; then all that was due does. */
  frozenUntilMs: number;
  /** Its wall clock is ahead by so much. */
  wallMs: number;
}

export function newLife(): Life {
  return { dead: false, frozenUntilMs: 0, wallMs: 0 };
}

/** The clock of a process: monotonic from its birth, late while it is frozen, and silent after its death. */
export function processClock(clock: Clock, life: Life): Clock {
  const bornMs = clock.monotonic();
  return {
    now: () => clock.now() + life.wallMs,
    monotonic: () => clock.monotonic() - bornMs,
    after(ms, callback) {
      const fire = (): void => {
        if (life.dead) return;
        const leftMs = life.frozenUntilMs - clock.monotonic();
        if (leftMs > 0) cancel = clock.after(leftMs, fire);
        else callback();
      };
      let cancel = clock.after(ms, fire);
      return () => cancel();
    },
  };
}

/** Resolves when the process can take what has arrived for it; never when it is dead. */
export async function awake(clock: Clock, life: Life): Promise<void> {
  for (;;) {
    if (life.dead) await forever();
    const leftMs = life.frozenUntilMs - clock.monotonic();
    if (leftMs <= 0) return;
    await pause(clock, leftMs);
  }
}

export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

export function forever(): Promise<never> {
  return new Promise(() => undefined);
}
