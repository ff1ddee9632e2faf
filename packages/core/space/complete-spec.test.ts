import { expect, test } from 'vitest';
import { evolve, emptyStudy, toSnapshot, type StudyEvent, type StudySpec } from '../index.ts';
import { fromLines } from '../test/from-lines.ts';
import { readStudy } from './read-study.ts';
import { tpeParity } from './tpe-options.ts';

const file = {
  objective: { metric: 'loss', direction: 'minimize' },
  space: { x: { type: 'float', low: 0, high: 1 } },
  command: ['true'],
};

test('a study of an old log goes on with TPE as it was, also from a snapshot', () => {
  const read = readStudy(file, { name: 'old', cwd: '/', seed: 1 });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  const spec = { ...read.spec, sampler: { type: 'tpe', startup: 7, candidates: 24 } };
  const created = { kind: 'study-created', v: 1, id: 1, at: 0, spec } as unknown as StudyEvent;
  const state = evolve(emptyStudy(), created);
  const expected = { type: 'tpe', ...tpeParity, startup: 7 };
  expect(state.spec!.sampler).toEqual(expected);
  const before = toSnapshot({ ...state, spec: spec as unknown as StudySpec });
  expect(before.join()).not.toContain('liar');
  expect(fromLines(before).spec!.sampler).toEqual(expected);
});
