import { expect, test } from 'vitest';
import { readStudy } from './read-study.ts';
import { changedKeys, compatible } from './study-change.ts';

const file = {
  name: 'a',
  objective: { metric: 'loss', direction: 'minimize' },
  space: {
    x: { type: 'float', low: 0, high: 1 },
    y: { type: 'int', low: 0, high: 9 },
  },
  command: ['train', '{x}'],
  env: { A: '1', B: '2' },
};

function spec(change: object = {}) {
  const read = readStudy({ ...file, ...change }, { cwd: '/a', seed: 1 });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  return read.spec;
}

test('equal files have no changed keys, whatever the order of their keys', () => {
  expect(changedKeys(spec(), spec({ env: { B: '2', A: '1' } }))).toEqual([]);
});

test('changed, added and removed keys are named as in the file', () => {
  const after = spec({ fidelity: { metric: 'epoch', max: 3 }, keep: ['m'], seed: 2 });
  const keys = ['fidelity', 'keep', 'scheduler', 'seed'];
  expect(changedKeys(spec(), after).sort()).toEqual(keys);
  expect(changedKeys(after, spec()).sort()).toEqual(keys);
});

test('bounds, command and budget may change', () => {
  const space = { ...file.space, x: { type: 'float', low: 0, high: 2 } };
  expect(compatible(spec(), spec({ space, command: 'other', budget: { trials: 3 } }))).toBe(
    undefined,
  );
});

test('a parameter may become a constant, and a constant a parameter', () => {
  const still = { ...file.space, y: { type: 'constant', value: 3 } };
  expect(compatible(spec(), spec({ space: still }))).toBe(undefined);
  expect(compatible(spec({ space: still }), spec())).toBe(undefined);
});

test.each([
  [{ objective: { metric: 'loss', direction: 'maximize' } }, 'study.other-objective', 'objective'],
  [{ objective: { metric: 'l', direction: 'minimize' } }, 'study.other-objective', 'objective'],
  [{ outcomeConstraints: ['size <= 9'] }, 'study.other-outcomes', 'outcomeConstraints'],
  [
    { space: { ...file.space, y: { type: 'float', low: 0, high: 9 } } },
    'study.other-parameter',
    'space.y',
  ],
  [{ space: { x: file.space.x } }, 'study.parameter-removed', 'space.y'],
])('%j is refused', (change, code, place) => {
  expect(compatible(spec(), spec(change))).toMatchObject({ code, place });
});

test('several objectives in the place of one are refused', () => {
  const { objective, ...others } = file;
  const objectives = [objective, { metric: 'size', direction: 'minimize' }];
  const read = readStudy({ ...others, objectives }, { cwd: '/a', seed: 1 });
  const after = 'spec' in read ? read.spec : spec();
  const refusal = { code: 'study.other-objective', place: 'objectives' };
  expect(compatible(spec(), after)).toMatchObject(refusal);
  expect(compatible(after, spec())).toMatchObject({ ...refusal, place: 'objective' });
});
