import { describe, expect, it } from 'vitest';
import { incumbentOf } from '../analysis/incumbent.ts';
import type { Parameter, Params, StudySpec } from '../index.ts';
import { bench, type Bench } from '../test/one-slot.ts';
import { withoutFidelity } from '../test/study-driver.ts';
import { nextWork } from './next-work.ts';
import { samplerHistory } from './sampler-history.ts';

const x: Parameter = { name: 'x', type: 'float', low: 0, high: 1, log: false };
const act: Parameter = { name: 'act', type: 'categorical', choices: ['relu', 'tanh'] };

function edit(study: Bench, over: Partial<StudySpec>): string | undefined {
  return study.send({ kind: 'change-spec', spec: { ...study.state.spec!, ...over } });
}

function study(space: Parameter[], tried: Params[]): Bench {
  const made = bench(withoutFidelity({ space }));
  for (const [i, params] of tried.entries()) {
    made.send({ kind: 'enqueue', params });
    made.report(made.start(), [i]);
    made.end(i, 'completed');
  }
  return made;
}

const known = (made: Bench) =>
  [...samplerHistory(made.state)]
    .filter(({ outcome }) => outcome.state === 'completed')
    .map(({ params }) => params);

describe('an edit of the space', () => {
  it('keeps trials outside a narrowed range in the history, marked, and from the samplers', () => {
    const made = study([x], [{ x: 0.75 }, { x: 0.25 }]);
    edit(made, { space: [{ ...x, high: 0.5 } as Parameter] });
    expect(made.state.trials.map(({ outside }) => outside)).toEqual([['x'], undefined]);
    expect(known(made)).toEqual([{ x: 0.25 }]);
    expect(incumbentOf(made.state)).toMatchObject({ trial: 0, value: 0, outside: ['x'] });
    edit(made, { space: [{ ...x, high: 2 } as Parameter] });
    expect(made.state.trials[0]!.outside).toBeUndefined();
    expect(known(made)).toEqual([{ x: 0.75 }, { x: 0.25 }]);
  });

  it('adds choices without a loss, and keeps trials of removed ones from the samplers', () => {
    const made = study([act], [{ act: 'relu' }, { act: 'tanh' }]);
    edit(made, { space: [{ ...act, choices: ['gelu', 'tanh', 'relu'] } as Parameter] });
    expect(known(made)).toEqual([{ act: 'relu' }, { act: 'tanh' }]);
    edit(made, { space: [{ ...act, choices: ['gelu', 'tanh'] } as Parameter] });
    expect(known(made)).toEqual([{ act: 'tanh' }]);
    expect(made.state.trials[0]).toMatchObject({ params: { act: 'relu' }, outside: ['act'] });
  });

  it('gives the default of a new parameter to all trials so far, queued ones too', () => {
    const made = study([x], [{ x: 0.5 }]);
    made.send({ kind: 'enqueue', params: { x: 0.25 } });
    expect(edit(made, { space: [x, act] })).toBe('study.parameter-added');
    expect(edit(made, { space: [x, { ...act, default: 'tanh' }] })).toBeUndefined();
    expect(known(made)).toEqual([{ x: 0.5, act: 'tanh' }]);
    expect(made.state.trials[1]!.params).toEqual({ x: 0.25, act: 'tanh' });
    edit(made, { space: [x, { ...act, default: 'relu' }] });
    expect(made.state.trials[1]!.params).toEqual({ x: 0.25, act: 'tanh' });
  });

  it('may hold a parameter still and let it go again', () => {
    const made = study([x, act], [{ x: 0.5, act: 'relu' }]);
    edit(made, { space: [x, { name: 'act', type: 'constant', value: 'tanh' }] });
    expect(known(made)).toEqual([]);
    edit(made, { space: [x, act] });
    expect(known(made)).toEqual([{ x: 0.5, act: 'relu' }]);
  });

  it('runs what was queued before as it was asked for', () => {
    const made = study([x], []);
    made.send({ kind: 'enqueue', params: { x: 0.75 } });
    edit(made, { space: [{ ...x, high: 0.5 } as Parameter] });
    expect(made.start()).toBe(0);
    expect(made.state.trials[0]!.params).toEqual({ x: 0.75 });
  });
});

describe('an edit of the slots', () => {
  it('holds for the run: no more attempts at a time', () => {
    const made = bench(withoutFidelity());
    made.start();
    made.start();
    edit(made, { engine: { type: 'local', slots: 1 } });
    const slots = { work: 'wait', category: 'drained', reason: { code: 'slots' } };
    expect(nextWork(made.state, made.now, 'w')).toMatchObject(slots);
    made.end(0, 'preempted');
    expect(nextWork(made.state, made.now, 'w')).toMatchObject(slots);
    made.end(1, 'preempted');
    expect(made.start()).toBe(0);
  });
});
