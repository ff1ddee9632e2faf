import type { Parameter, Suggestion, TrialRecord } from '@fleetune/core';
import { manualClock } from '@fleetune/platform/testing';
import { describe, expect, it } from 'vitest';
import { scriptedThinker } from './advisor/testing/scripted-thinker.ts';
import { tpeSpec } from './advisor/testing/scripted-study.ts';
import { memoryStore } from './store/index.ts';
import { sampleSpec } from './store/testing/samples.ts';
import { openStudyHost } from './study-host.ts';

it('a parameter that was added is in the rows of all trials so far', async () => {
  const store = memoryStore();
  const { id } = store.createStudy(sampleSpec.name, sampleSpec, 0);
  const host = openStudyHost(store, manualClock(), id, sampleSpec.name);
  host.apply({ kind: 'create', spec: sampleSpec });
  host.apply({ kind: 'enqueue', params: { lr: 0.01 } });
  await host.commit();
  const units: Parameter = { name: 'units', type: 'int', low: 1, high: 9, step: 1, log: false };
  const space = [...sampleSpec.space, { ...units, default: 4 }];
  expect(host.apply({ kind: 'change-spec', spec: { ...sampleSpec, space } })).toBeUndefined();
  await host.commit();
  expect(store.trial(id, 0)!.params).toEqual({ lr: 0.01, units: 4 });
});

describe('the advisor of a study', () => {
  it('begins anew with the adopted history when the space is edited, and stays in its thread', () => {
    const { host, clock, thinker, run } = dearStudy();
    for (let i = 0; i < 9; i++) run();
    expect(host.advisor()).toMatchObject({ mode: 'thread' });
    const started = thinker.starts;
    const narrow = host.state.spec!.space.map(
      (parameter) => ({ ...parameter, high: 0.5 }) as Parameter,
    );
    host.apply({ kind: 'change-spec', spec: { ...host.state.spec!, space: narrow } });
    clock.advance(0);
    expect(thinker.starts).toBe(started + 1);
    const told = thinker.told.flatMap((message) =>
      message.kind === 'learn' ? message.changes : [],
    );
    const inside = host.state.trials.filter(({ outside }) => outside === undefined);
    expect(new Set(told.map(({ trial }) => trial))).toEqual(
      new Set(inside.map(({ number }) => number)),
    );
    expect(run().params.x).toBeLessThanOrEqual(0.5);
  });

  it('that begins anew leaves nobody waiting for the one before it', async () => {
    const { host, run } = dearStudy();
    for (let i = 0; i < 9; i++) run();
    let calls = 0;
    host.onSuggestion(() => (calls += 1));
    host.apply({ kind: 'change-spec', spec: { ...host.state.spec!, seed: 2 } });
    await Promise.resolve();
    expect(calls).toBe(1);
  });

  it('does not notice that the budget is edited', () => {
    const { host, clock, thinker, run } = dearStudy();
    for (let i = 0; i < 9; i++) run();
    host.apply({ kind: 'change-spec', spec: { ...host.state.spec!, budget: { trials: 50 } } });
    clock.advance(0);
    run();
    expect(thinker.starts).toBe(1);
  });

  it('ends with the run; what it came to can still be read', () => {
    const { host, thinker, run } = dearStudy();
    for (let i = 0; i < 9; i++) run();
    const reason = { code: 'test', text: 'enough' };
    host.apply({ kind: 'end-run', end: 'drained', reason });
    expect(host.advisor()).toMatchObject({ mode: 'thread', given: 11 });
    expect(thinker.alive).toBe(false);
  });
});

/** A study with four slots whose clock makes its sampler seem slow. */
function dearStudy() {
  const manual = manualClock();
  let extraMs = 0;
  const clock = { ...manual, monotonic: () => manual.monotonic() + (extraMs += 50) };
  const thinker = scriptedThinker(manual);
  const store = memoryStore();
  const { id } = store.createStudy(tpeSpec.name, tpeSpec, 0);
  const host = openStudyHost(store, clock, id, tpeSpec.name, thinker);
  host.apply({ kind: 'create', spec: { ...tpeSpec, budget: {} } });
  host.apply({ kind: 'start-run', slots: 4, keepGoing: true });
  host.apply({ kind: 'worker-joined', worker: 'w', host: 'h', pid: 1, slots: 4 });

  /** Runs the next trial, beside one more that always runs. */
  function run(): TrialRecord {
    while (host.state.live.size < 2) begin();
    const trial = Math.min(...host.state.live);
    const attempt = host.state.trials[trial]!.attempts.length;
    const columns = { step: [1], metrics: { accuracy: [trial] } };
    host.report([{ trial, attempt, from: 0, columns }]);
    host.apply({ kind: 'end-attempt', trial, attempt, end: 'completed' });
    manual.advance(1_000);
    return begin();
  }

  function begin(): TrialRecord {
    const suggestion = host.suggest(host.state.trials.length) as Suggestion;
    expect(host.apply({ kind: 'start-attempt', worker: 'w', suggestion })).toBeUndefined();
    return host.state.trials.at(-1)!;
  }

  return { host, clock: manual, thinker, run };
}
