// Whatever happens when: what an advisor in a thread gives is lawful, never waits where it must not, and is the same
// again where it has to be.

import { createSampler, searchSpace, type Change, type Suggestion } from '@fleetune/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scriptedStudy, tpeSpec } from './testing/scripted-study.ts';

const MOVED = { movedBecause: 'suggestions are dear' };

type Step =
  | { do: 'ask' }
  | { do: 'end'; which: number }
  | { do: 'wait'; ms: number }
  | { do: 'slow'; ms: number }
  | { do: 'kill' };

const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Step>({ do: 'ask' }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(9) }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(50) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('slow' as const), ms: fc.nat(500) }) },
    { weight: 1, arbitrary: fc.constant<Step>({ do: 'kill' }) },
  ),
  { minLength: 20, maxLength: 80, size: 'max' },
);

function play(study: ReturnType<typeof scriptedStudy>, script: Step[], ask: () => void): void {
  for (const step of script) {
    const running = [...study.running];
    if (step.do === 'ask') ask();
    if (step.do === 'end' && running.length > 0) study.end(running[step.which % running.length]);
    if (step.do === 'wait') study.clock.advance(step.ms);
    if (step.do === 'slow') study.thinker.tookMs = { full: step.ms, reduced: step.ms / 2 };
    if (step.do === 'kill') study.thinker.kill('killed by the test');
  }
}

it('a reproducible study gets what the sampler says of the events so far, whatever takes how long', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 0, max: 99 }), (script, seed) => {
      const study = scriptedStudy({ reproducible: true, seed }, MOVED);
      play(study, script, study.ask);
      study.askPatiently();
      const space = searchSpace(tpeSpec.space, []);
      const again = createSampler(tpeSpec.sampler, space, seed);
      for (const change of study.changes) {
        if (change.outcome.state === 'pending') {
          expect(change.params).toEqual((again.suggest(change.trial) as Suggestion).params);
        }
        again.observe(change);
      }
    }),
    { numRuns: 60 },
  );
});

it('with several slots no ask waits, nothing is given twice, and the queue is bounded', () => {
  fc.assert(
    fc.property(steps, (script) => {
      // Four more that never end: the study stays parallel.
      const study = scriptedStudy({}, MOVED, 4);
      study.clock.advance(0);
      const seen = new Set(study.changes.map(({ params }) => JSON.stringify(params)));
      play(study, script, () => {
        const answer = study.ask();
        expect(answer).toHaveProperty('params');
        const key = JSON.stringify((answer as Suggestion).params);
        expect(seen).not.toContain(key);
        seen.add(key);
        const { queue } = study.advisor.status();
        expect(queue.ready).toBeLessThanOrEqual(64);
      });
      // Once nothing goes wrong any more, the queue is filled again.
      study.thinker.tookMs = { full: 10, reduced: 5 };
      study.clock.advance(300_000);
      study.askPatiently();
      study.clock.advance(300_000);
      const { queue, step } = study.advisor.status();
      if (step !== 'random') expect(queue.ready).toBeGreaterThan(0);
    }),
    { numRuns: 60 },
  );
});

it('the sampler in the thread knows what the study knows, and nothing else', () => {
  fc.assert(
    fc.property(steps, (script) => {
      const study = scriptedStudy({}, MOVED);
      study.askPatiently();
      play(study, script, study.ask);
      study.clock.advance(300_000);
      const known = new Map<number, Change>();
      for (const message of study.thinker.told) {
        if (message.kind !== 'learn') continue;
        for (const change of message.changes) {
          if (change.outcome.state === 'removed') known.delete(change.trial);
          else known.set(change.trial, change);
        }
      }
      const trials = [...known.values()].filter(({ trial }) => trial < 2 ** 40);
      const last = new Map(study.changes.map((change) => [change.trial, change]));
      expect(trials).toHaveLength(last.size);
      for (const change of trials) expect(change).toEqual(last.get(change.trial));
    }),
    { numRuns: 60 },
  );
});
