import { expect, test } from 'vitest';
import type { StudySpec } from '@fleetune/core';
import { recordStudy } from '../testing/recorded-study.ts';
import { specChanges } from './spec-changes.ts';

const { spec } = recordStudy();

test('every value that differs has a line with its place, parameters by their names', () => {
  const [x, ...others] = spec.space;
  const changed = {
    ...spec,
    budget: { ...spec.budget, trials: 60 },
    space: [{ ...x!, high: 9 }, ...others, { name: 'flag', type: 'boolean', default: true }],
  } as StudySpec;
  expect(specChanges(spec, spec)).toEqual([]);
  expect(specChanges(spec, changed)).toEqual([
    expect.stringMatching(/^space\.x\.high: .* → 9$/),
    'space.flag: none → {"name":"flag","type":"boolean","default":true}',
    expect.stringMatching(/^budget\.trials: .* → 60$/),
  ]);
});
