// Where there is no WebAssembly: every sampler keeps its contract, and suggests the very same.

import { describe, expect, test, vi } from 'vitest';
import { instantiate } from '../numerics/kernels/web-assembly.ts';
import type { Parameter, Params } from '../space/study-spec.ts';
import { samplerSpecs } from './testing/sampler-specs.ts';

const withKernels = await import('./create-sampler.ts');
vi.resetModules();
vi.doMock('../numerics/kernels/instance.ts', async (original) => ({
  ...(await original<typeof import('../numerics/kernels/instance.ts')>()),
  kernelsWith: () => undefined,
}));
const without = await import('./create-sampler.ts');
const { samplerContract } = await import('./testing/sampler-contract.ts');
const { searchSpace } = await import('../space/search-space.ts');

const floats = Array.from({ length: 40 }, (_, i) => {
  return { name: `x${i}`, type: 'float', low: 0, high: 1, log: false } as const;
});
const when = { choice: 1 };
const tree: Parameter[] = [
  { name: 'choice', type: 'categorical', choices: [0, 1, 2] },
  { name: 'int', type: 'int', low: 0, high: 20, step: 1, log: false },
  { name: 'large', type: 'int', low: 1, high: 1000, step: 1, log: true, when },
  { name: 'log', type: 'float', low: 1e-5, high: 1, log: true, when },
  ...floats.slice(0, 3).map((one) => ({ ...one, when: { choice: [0, 2] } })),
];

/** 200 suggestions on a bowl. */
function suggestions(
  { createSampler }: typeof without,
  spec: (typeof samplerSpecs)[number],
  parameters: readonly Parameter[],
) {
  const sampler = createSampler(spec, searchSpace(parameters, []), 3);
  return Array.from({ length: 200 }, (_, trial) => {
    const { params } = sampler.suggest(trial) as { params: Params };
    const loss = Object.values(params).reduce<number>((sum, x) => sum + (Number(x) - 0.3) ** 2, 0);
    sampler.observe({ trial, params, outcome: { state: 'pending' } });
    sampler.observe({ trial, params, outcome: { state: 'completed', loss } });
    return params;
  });
}

for (const spec of samplerSpecs.filter(({ type }) => type === 'cma-es' || type === 'tpe')) {
  describe(JSON.stringify(spec), () => {
    test.each([
      ['forty floats', floats],
      ['a tree of every kind', tree],
    ])('%s: the suggestions are the same, to the last bit', (_, parameters) => {
      expect(without.createSampler).not.toBe(withKernels.createSampler);
      const expected = suggestions(withKernels, spec, parameters);
      expect(suggestions(without, spec, parameters)).toEqual(expected);
    });

    const cases = samplerContract((space, seed, objectives) =>
      without.createSampler(spec, space, seed, {}, objectives),
    );
    for (const { title, check } of cases) test(title, check);
  });
}

test('an engine without WebAssembly, without SIMD or with a policy against it has no kernels', () => {
  expect(instantiate(Uint8Array.of(1, 2, 3))).toBeUndefined();
  const there = (globalThis as unknown as { WebAssembly: object }).WebAssembly;
  const refuses = class {
    constructor() {
      throw new Error('policy');
    }
  };
  try {
    for (const other of [undefined, { ...there, Module: refuses }]) {
      vi.stubGlobal('WebAssembly', other);
      expect(instantiate(new Uint8Array())).toBeUndefined();
    }
  } finally {
    vi.stubGlobal('WebAssembly', there);
  }
});
