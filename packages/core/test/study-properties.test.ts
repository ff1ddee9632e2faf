import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changedLines,
  createSampler,
  emptyStudy,
  evolve,
  replay,
  samplerHistory,
  searchSpace,
  snapshotLine,
  studyStatus,
  toSnapshot,
  type LineText,
  tpeDefaults,
  touchedTrials,
  type Change,
  type SamplerSpec,
  type StopAs,
  type StudyEvent,
  type StudyState,
} from '../index.ts';
import { fromLines } from './from-lines.ts';
import { actions, specs } from './random-actions.ts';
import { lossAt, randomStudy } from './random-study.ts';
import { checkState, rowsInLog } from './study-checks.ts';

// The limit bounds the search for a smaller counterexample.
const runs = { seed: 20261123, numRuns: 100, interruptAfterTimeLimit: 20_000 };

const SAMPLERS: SamplerSpec[] = [
  { type: 'tpe', ...tpeDefaults, startup: 2, candidates: 4 },
  { type: 'grid', counts: { x: 5 } },
];

function knowledge(changes: Iterable<Change>): Map<number, Change> {
  const known = new Map<number, Change>();
  for (const change of changes) {
    if (change.outcome.state === 'removed') known.delete(change.trial);
    else known.set(change.trial, change);
  }
  return new Map([...known].sort(([a], [b]) => a - b));
}

const EVENTS: Record<StudyEvent['kind'], true> = {
  'study-created': true,
  'spec-changed': true,
  'run-started': true,
  'run-resumed': true,
  'run-ended': true,
  'study-paused': true,
  'study-resumed': true,
  'worker-joined': true,
  'worker-left': true,
  'slot-left': true,
  'worker-drained': true,
  'worker-quarantined': true,
  'worker-released': true,
  'trial-created': true,
  'attempt-started': true,
  reports: true,
  'rung-reached': true,
  'stop-requested': true,
  'checkpoint-requested': true,
  'attempt-ended': true,
  'trial-requeued': true,
  'trial-given-back': true,
  'trial-retried': true,
  'trial-discarded': true,
  'trial-paused': true,
  'trial-resumed': true,
  'trial-corrected': true,
  'trial-ended': true,
  'trial-warned': true,
};
const STOPS: Record<StopAs, true> = {
  stopped: true,
  cancelled: true,
  failed: true,
  paused: true,
  queued: true,
};
const KINDS = [
  ...Object.keys(EVENTS),
  ...Object.keys(STOPS).map((as) => `stop as ${as}`),
  ...['reserve', 'slot taken over', 'slot elsewhere', 'packed reports'],
  ...['front of several', 'broken outcome', 'broken outcome at a rung'],
];

/** No trial is created beyond the budget of the moment. */
function checkBudget(log: readonly StudyEvent[]): void {
  let state = emptyStudy();
  for (const event of log) {
    const used = state.trials.length - state.counts.cancelled;
    if (event.kind === 'trial-created') expect(used).toBeLessThan(state.spec!.budget.trials!);
    state = evolve(state, event);
  }
}

/** No attempt starts, now or behind another, beyond the number of slots of the moment. */
function checkLimit(log: readonly StudyEvent[]): void {
  let state = emptyStudy();
  for (const event of log) {
    const limit = state.run?.limit ?? Infinity;
    if (event.kind === 'attempt-started') {
      expect(state.counts.running + (event.reserve ? 0 : 1)).toBeLessThanOrEqual(limit);
    }
    state = evolve(state, event);
  }
}

/** What the scheduler would say at each rung. */
function decisions({ scheduler }: StudyState): string[] {
  const losses = [-4, -2, -1, 0, 1, 2, 4];
  return scheduler!.rungs.flatMap((_, rung) =>
    losses.map((loss) => scheduler!.decide(rung, { loss, passed: [] }).reason.text),
  );
}

describe('a study under any sequence of commands', () => {
  it('keeps its invariants after each of them', () => {
    fc.assert(
      fc.property(specs, actions, (spec, sequence) => {
        const { driver, act } = randomStudy(spec, true);
        for (const action of sequence) {
          act(action);
          checkState(driver.state);
        }
        checkBudget(driver.log);
        checkLimit(driver.log);
        expect(studyStatus(driver.state, driver.now).lastEvent).toBe(driver.log.length);
      }),
      runs,
    );
  });

  it('is its log: replay, and a snapshot with the tail, give the same state', () => {
    fc.assert(
      fc.property(specs, actions, fc.nat(100), (spec, sequence, percent) => {
        const { driver, act } = randomStudy(spec);
        for (const action of sequence) act(action);
        const live = toSnapshot(driver.state);
        expect(toSnapshot(replay(driver.log))).toEqual(live);
        const cut = Math.floor((driver.log.length * percent) / 100);
        const middle = toSnapshot(replay(driver.log.slice(0, cut)));
        expect(toSnapshot(fromLines(middle))).toEqual(middle);
        const tail = (state: ReturnType<typeof replay>, events: StudyEvent[]) =>
          events.reduce((it, event) => evolve(it, event), state);
        const resumed = tail(fromLines(middle), driver.log.slice(cut));
        // Before anybody has looked at its ended trials; below, after that.
        expect(studyStatus(resumed, driver.now)).toEqual(studyStatus(driver.state, driver.now));
        expect(toSnapshot(resumed)).toEqual(live);
        checkState(resumed);
        // What is derived is the same too: the status shows the incumbent, the rungs and the
        // ledger.
        expect(studyStatus(resumed, driver.now)).toEqual(studyStatus(driver.state, driver.now));
        expect(decisions(resumed)).toEqual(decisions(driver.state));
        expect(decisions(fromLines(live))).toEqual(decisions(driver.state));
      }),
      runs,
    );
  });

  it('names the trials that an event touches, so that a snapshot writes only what changed', () => {
    fc.assert(
      fc.property(specs, actions, fc.integer({ min: 1, max: 40 }), (spec, sequence, every) => {
        const { driver, act } = randomStudy(spec);
        for (const action of sequence) act(action);
        let state = emptyStudy();
        const records: string[] = [];
        const lines: LineText[] = [];
        const touched = new Set<number>();
        for (const event of driver.log) {
          state = evolve(state, event);
          const named = touchedTrials(state, event);
          for (const trial of named) touched.add(trial);
          state.trials.forEach((trial, i) => {
            const record = JSON.stringify(trial);
            if (record !== records[i]) expect(named).toContain(i);
            records[i] = record;
          });
          if (event.id % every !== 0 && event.id < driver.log.length) continue;
          for (const line of changedLines(touched)) lines[line] = snapshotLine(state, line);
          touched.clear();
        }
        expect(lines).toEqual(toSnapshot(state));
      }),
      runs,
    );
  });

  it('loses no report and counts none twice, and its history is what a sampler was told', () => {
    fc.assert(
      fc.property(specs, actions, (spec, sequence) => {
        const { driver, act } = randomStudy(spec);
        for (const action of sequence) act(action);
        const rows = rowsInLog(driver.log);
        for (const [key, losses] of rows) {
          const trial = Number(key.split('/')[0]);
          expect(losses).toEqual(losses.map((_, row) => lossAt(trial, row)));
        }
        for (const { number, attempts } of driver.state.trials) {
          attempts.forEach((attempt, i) => {
            expect(attempt.rows).toBe(rows.get(`${number}/${i + 1}`)?.length ?? 0);
          });
        }
        // Params and outcomes by trial: a sampler that saw a trial revised knows what one that
        // begins anew does.
        expect(knowledge(samplerHistory(driver.state))).toEqual(knowledge(driver.changes));
        for (const sampler of SAMPLERS) {
          const [told, anew] = [driver.changes, samplerHistory(driver.state)].map((changes) => {
            const made = createSampler(sampler, searchSpace(driver.state.spec!.space, []), 7);
            for (const change of changes) made.observe(change);
            return made.suggest(driver.state.trials.length);
          });
          expect(told).toEqual(anew);
        }
      }),
      runs,
    );
  });

  it('reaches every kind of event', () => {
    const seen = new Set<string>();
    for (const [spec, sequence] of fc.sample(fc.tuple(specs, actions), runs)) {
      const { driver, act } = randomStudy(spec);
      for (const action of sequence) {
        act(action);
        if ((driver.state.front ?? []).length > 1) seen.add('front of several');
      }
      for (const event of driver.log) {
        seen.add(event.kind);
        if (event.kind === 'stop-requested') seen.add(`stop as ${event.as}`);
        if (event.kind === 'attempt-started' && event.reserve) seen.add('reserve');
        if (event.kind === 'attempt-started' && event.fromUs) seen.add('slot taken over');
        if (event.kind === 'worker-left' && event.elsewhere) seen.add('slot elsewhere');
        if (event.kind === 'reports' && event.items.length > 1) seen.add('packed reports');
        const { outcomeConstraints } = spec;
        if (event.kind === 'rung-reached' && event.loss === 'Infinity' && outcomeConstraints) {
          seen.add('broken outcome at a rung');
        }
        if ('reason' in event && event.reason?.code === 'outcome') seen.add('broken outcome');
      }
    }
    expect(KINDS.filter((kind) => !seen.has(kind))).toEqual([]);
  });
});
