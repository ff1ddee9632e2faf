import { type StudyEvent } from '@fleetune/core';
import type { MakeChecker } from './watch.ts';

interface Ladder {
  eta: number | undefined;
  losses: Map<number, number[]>;
  /** An edit or a revision has rebuilt the tables, which only their owner can know. */
  rebuilt: boolean;
}

type Rung = Extract<StudyEvent, { kind: 'rung-reached' }>;

/** ASHA's law: of n at a rung at most ⌈n/eta⌉ go on, ties together, and the best so far always does. */
export const promotions: MakeChecker = (_world, broken) => {
  const ladders = new Map<string, Ladder>();
  return {
    onEvent(event, { name, state }) {
      if (event.kind === 'study-created') {
        const { scheduler } = event.spec;
        const eta = scheduler.type === 'asha' ? scheduler.eta : undefined;
        ladders.set(name, { eta, losses: new Map(), rebuilt: false });
      }
      const ladder = ladders.get(name)!;
      if (REBUILDING.has(event.kind)) ladder.rebuilt = true;
      if (event.kind !== 'rung-reached' || ladder.rebuilt) return;
      const last = event.rung === state.scheduler!.rungs.length - 1;
      const wrong = breaks(ladder, event, last);
      if (wrong) broken(`${name}, trial ${event.trial} at ${event.step}: ${wrong}`);
    },
  };
};

const REBUILDING = new Set<StudyEvent['kind']>([
  'spec-changed',
  'trial-discarded',
  'trial-corrected',
  'trial-retried',
  'trial-given-back',
]);

function breaks(ladder: Ladder, event: Rung, last: boolean): string | undefined {
  const { eta, losses } = ladder;
  const stops = event.decision === 'stop';
  if (eta === undefined) return stops ? 'fifo stops nobody' : undefined;
  const loss = Number(event.loss);
  const at = losses.get(event.rung) ?? [];
  losses.set(event.rung, at);
  at.push(Number.isNaN(loss) ? Infinity : loss);
  if (Number.isNaN(loss)) return stops ? undefined : 'what is not a number goes on';
  const rank = 1 + at.filter((other) => other < loss).length;
  const keep = Math.ceil(at.length / eta);
  if (last || rank <= keep) return stops ? `${rank} of ${at.length} was stopped` : undefined;
  return stops ? undefined : `${rank} of ${at.length} goes on, where ${keep} may`;
}
