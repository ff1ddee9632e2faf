import type { StudyEvent, StudyState } from '@fleetune/core';
import type { MakeChecker } from './watch.ts';

/** So many attempts, all crashed and without a word, are a broken program (DESIGN §15.5). */
const START_CRASHES = 3;

type Of<K extends StudyEvent['kind']> = Extract<StudyEvent, { kind: K }>;

/** What the log has shown that may end a run. */
interface Seen {
  /** Of losses at full fidelity, the least. */
  best: number;
  /** A person has put other values in place. */
  corrected: boolean;
  /** Since the last end for that cause. */
  start: { ended: number; crashed: number; reported: boolean };
}

/** A run ends early only for what the log shows: a target that a whole trial reached, a program that never spoke. */
export const runEnd: MakeChecker = (world, broken) => {
  const studies = new Map<string, Seen>();
  return {
    onEvent(event, { name, state }) {
      const seen = studies.get(name) ?? newSeen();
      studies.set(name, seen);
      see(seen, event, state);
      if (event.kind !== 'run-ended') return;
      const { keepGoing } = world.scenario;
      const wrong = unlawful(seen, event, state, keepGoing);
      if (wrong) broken(`the run of ${name} ended by ${event.end}: ${wrong}`);
      if (event.end === 'start-crash') seen.start = { ended: 0, crashed: 0, reported: false };
    },
  };
};

function newSeen(): Seen {
  const start = { ended: 0, crashed: 0, reported: false };
  return { best: Infinity, corrected: false, start };
}

function see(seen: Seen, event: StudyEvent, state: StudyState): void {
  switch (event.kind) {
    case 'reports':
      seen.start.reported = true;
      for (const item of event.items) seeRows(seen, item, state);
      return;
    case 'attempt-ended':
      if (['lost', 'preempted', 'cancelled'].includes(event.end)) return;
      seen.start.ended += 1;
      if (event.end === 'crashed') seen.start.crashed += 1;
      return;
    case 'trial-corrected':
      seen.corrected = true;
      return;
    case 'trial-ended':
      // A completed one is a full evaluation, wherever its steps ended.
      if (event.state === 'completed') seeValue(seen, Number(event.value ?? NaN), state);
      return;
    default:
  }
}

function seeRows(seen: Seen, { columns }: Of<'reports'>['items'][number], state: StudyState): void {
  const { objective, fidelity } = state.spec!;
  columns.step.forEach((step, i) => {
    const full = fidelity === undefined || Number(step) >= fidelity.max;
    if (full) seeValue(seen, Number(columns.metrics[objective.metric]?.[i] ?? NaN), state);
  });
}

function seeValue(seen: Seen, value: number, state: StudyState): void {
  const loss = signOf(state) * value;
  if (loss < seen.best) seen.best = loss;
}

/** Losses are minimised. */
function signOf({ spec }: StudyState): 1 | -1 {
  return spec!.objective.direction === 'maximize' ? -1 : 1;
}

function unlawful(
  { best, corrected, start }: Seen,
  { end }: Of<'run-ended'>,
  state: StudyState,
  keepGoing: boolean,
): string | undefined {
  const { budget, sampler, space } = state.spec!;
  switch (end) {
    case 'target': {
      const reached = corrected || best <= signOf(state) * (budget.target ?? NaN);
      return reached ? undefined : `the best loss at full fidelity is ${best}`;
    }
    case 'start-crash': {
      const { ended, crashed, reported } = start;
      const broken = !keepGoing && !reported && ended >= START_CRASHES && crashed === ended;
      return broken ? undefined : `${crashed} of ${ended} attempts crashed, reported: ${reported}`;
    }
    case 'exhausted': {
      const finite = space.every(({ type }) => type === 'categorical');
      return sampler.type === 'grid' || finite ? undefined : `${sampler.type} has always more`;
    }
    default:
      return undefined;
  }
}
