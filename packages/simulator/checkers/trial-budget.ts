import type { MakeChecker } from './watch.ts';

/** Trials, not attempts, count against the budget; and never more than it allows, as people edit it. */
export const trialBudget: MakeChecker = (_world, broken) => {
  /** By study: trials that count, and what they may be. */
  const cancelled = new Map<string, Set<number>>();
  return {
    onEvent(event, { name, state }) {
      const gone = cancelled.get(name) ?? new Set();
      cancelled.set(name, gone);
      if (event.kind === 'trial-discarded') gone.add(event.trial);
      if (event.kind === 'trial-ended' && event.state === 'cancelled') gone.add(event.trial);
      if (event.kind !== 'trial-created') return;
      const { trials: budget = Infinity } = state.spec!.budget;
      const used = event.trial + 1 - gone.size;
      if (used > budget) broken(`${name} has ${used} trials of a budget of ${budget}`);
    },
  };
};
