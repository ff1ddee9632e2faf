import { describe, expect, it } from 'vitest';
import { importTable } from './import-table.ts';
import { readSources, source } from './sources.ts';

const findings = (path: string, text: string): string[] => importTable([source(path, text)]);

describe('the import table', () => {
  it('looks at the sources of every package', () => {
    expect(readSources().filter(({ path }) => path.startsWith('packages/')).length).toBeGreaterThan(
      20,
    );
  });

  it('fails when it looked at nothing', () => {
    expect(importTable([])).toEqual(['no source was looked at']);
  });

  it.each([
    ['packages/core/study/evolve.ts', `import { a } from '../space/key.ts';`],
    ['packages/core/index.ts', `export * from './errors/index.ts';`],
    ['packages/coordinator/http/server.ts', `import { fail } from '@fleetune/core';`],
    ['packages/platform/node/disk.ts', `import { open } from 'node:fs/promises';`],
    ['packages/coordinator/http/server.ts', `import fastify from 'fastify';`],
    ['packages/core/space/key.test.ts', `import { it } from 'vitest';`],
  ])('lets %s: %s', (path, text) => {
    expect(findings(path, text)).toEqual([]);
  });

  it.each([
    ['packages/core/space/key.ts', `import { a } from '../study/evolve.ts';`, 'space must not'],
    ['packages/core/sampler/tpe.ts', `import type { A } from '../study/e.ts';`, 'must not import'],
    ['packages/core/study/x.ts', `export { a } from '../analysis/status.ts';`, 'must not import'],
    ['packages/core/space/x.ts', `import { a } from '../index.ts';`, 'own surface'],
    ['packages/core/space/key.ts', `import { readFileSync } from 'node:fs';`, 'core is pure'],
    ['packages/core/space/key.ts', `import Fastify from 'fastify';`, 'dependencies'],
    ['packages/worker/slot.ts', `import { a } from '@fleetune/coordinator';`, 'must not import'],
    ['packages/worker/slot.ts', `const a = await import('@fleetune/coordinator');`, 'must not'],
    ['packages/worker/slot.ts', `let a: import('@fleetune/coordinator').A;`, 'must not import'],
    ['packages/worker/slot.ts', `import { a } from '../core/index.ts';`, 'leaves the package'],
    ['packages/worker/slot.ts', `import { a } from '@fleetune/core/space/key.ts';`, 'not exported'],
    ['packages/worker/slot.ts', `import { a } from '@fleetune/core/testing';`, 'is for tests'],
    ['packages/platform/x.ts', `import { a } from '@fleetune/core';`, 'must not import'],
    ['packages/platform/node/x.ts', `import { open } from 'fs';`, 'node:fs'],
    ['packages/novel/x.ts', `export {};`, 'does not know the package'],
  ])('stops %s: %s', (path, text, words) => {
    expect(findings(path, text).join()).toContain(words);
  });
});
