import type { Scheduler } from '../scheduler.ts';

/** Every trial runs to its end. */
export function fifo(): Scheduler {
  return {
    name: 'fifo',
    rungs: [],
    due: () => undefined,
    decide: () => ({
      decision: 'continue',
      reason: { code: 'fifo', text: 'every trial runs to its end' },
    }),
    record: () => 0,
  };
}
