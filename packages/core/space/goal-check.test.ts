import { describe, expect, test } from 'vitest';
import { readStudy } from './read-study.ts';
import type { StudySpec } from './study-spec.ts';
import { tpeDefaults, tpeParity } from './tpe-options.ts';

const acc = { metric: 'acc', direction: 'maximize' };
const latency = { metric: 'latency', direction: 'minimize' };
const least = {
  name: 'both',
  space: { x: { type: 'float', low: 0, high: 1 } },
  command: 'train {x}',
  objectives: [acc, latency],
};

function read(over: Record<string, unknown>) {
  return readStudy({ ...least, ...over }, { cwd: '/', seed: 1 });
}

describe('several objectives', () => {
  test('are all in the spec, the first of them as the objective too, and their metrics are kept', () => {
    const fidelity = { metric: 'epoch', max: 9 };
    expect(
      read({ fidelity, outcomeConstraints: [' size_gb >= -1e3'], keep: ['lr'] }),
    ).toMatchObject({
      spec: {
        objective: acc,
        objectives: [acc, latency],
        outcomeConstraints: [{ metric: 'size_gb', is: 'at-least', bound: -1000 }],
        scheduler: { type: 'fifo' },
        extraMetrics: ['latency', 'size_gb', 'lr'],
      },
    });
  });

  test('tpe has defaults of its own for them', () => {
    const samplerOf = (sampler: object) => (read({ sampler }) as { spec: StudySpec }).spec.sampler;
    expect(samplerOf({ type: 'tpe' })).toEqual({ ...tpeDefaults, smoothing: 0.1, type: 'tpe' });
    expect(samplerOf({ type: 'tpe', parity: true, startup: 7 })).toEqual({
      ...tpeParity,
      startup: 7,
      multivariate: false,
      type: 'tpe',
    });
  });

  test.each([
    [{ objective: acc }, 'objective', 'absent beside objectives'],
    [{ objectives: [acc] }, 'objectives', '2 entries'],
    [{ objectives: [acc, acc] }, 'objectives[1].metric', 'different from objectives[0].metric'],
    [{ objectives: [acc, { metric: 'a' }] }, 'objectives[1].direction', ''],
    [{ scheduler: 'asha', fidelity: { metric: 'epoch', max: 9 } }, 'scheduler', 'fifo'],
    [{ sampler: { type: 'cma-es' } }, 'sampler', 'random'],
    [{ budget: { target: 1 } }, 'budget.target', 'no one value'],
    [{ fidelity: { metric: 'latency', max: 9 } }, 'fidelity.metric', 'not the objective'],
    [{ metrics: { regex: { acc: '(.*)' } } }, 'metrics.regex.latency', ''],
    [{ objectives: undefined }, 'objectives', ''],
  ])('%j is one error at %s', (over, place, message) => {
    const result = read(over);
    const errors = 'errors' in result ? result.errors : [];
    expect(errors.map((error) => error.place)).toEqual([place]);
    expect(errors[0]!.message).toContain(message);
  });

  test('or one: a study without any misses it', () => {
    const { objectives: _, ...none } = least;
    expect(readStudy(none, { cwd: '/', seed: 1 })).toMatchObject({
      errors: [{ code: 'input.missing', place: 'objective' }],
    });
  });
});
