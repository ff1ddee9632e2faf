import { describe, expect, it } from 'vitest';
import { deadCode } from './dead-code.ts';
import { source } from './sources.ts';

const findings = (files: Record<string, string>): string[] =>
  deadCode(Object.entries(files).map(([path, text]) => source(path, text)));

const main = 'packages/fleetune/cli/main.ts';
const key = 'packages/core/space/key.ts';

describe('dead code', () => {
  it('finds a file that nothing imports', () => {
    expect(findings({ [main]: '', [key]: 'export const a = 1;' })).toEqual([
      `${key}: nothing imports this file`,
    ]);
  });

  it('finds an export that nothing imports', () => {
    const files = {
      [main]: `import { a } from '../../core/space/key.ts'; a();`,
      [key]: `export const a = 1;\nexport const b = 2;`,
    };
    expect(findings(files)).toEqual([`${key}:2: b is exported but imported nowhere`]);
  });

  it('finds an export that only its test uses', () => {
    const files = {
      [main]: `import { a } from '../../core/space/key.ts'; a();`,
      [key]: `export const a = 1;\nexport const b = 2;`,
      'packages/core/space/key.test.ts': `import { b } from './key.ts'; b();`,
    };
    expect(findings(files)).toEqual([`${key}:2: b is used by tests only`]);
  });

  it('lets what is tested in the numerics kit, and nothing else there', () => {
    const kit = 'packages/core/numerics/erf.ts';
    const files = {
      [main]: `import { erf } from '../../core/numerics/erf.ts'; erf();`,
      [kit]: `export const erf = 1;\nexport const erfc = 2;\nexport const erfi = 3;`,
      'packages/core/numerics/erf.test.ts': `import { erfc } from './erf.ts'; erfc();`,
    };
    expect(findings(files)).toEqual([`${kit}:3: erfi is exported but imported nowhere`]);
  });

  it('follows re-exports to the declaration, and lets what is used through them', () => {
    const files = {
      [main]: `import { c } from '@fleetune/core'; c();`,
      'packages/core/index.ts': `export * from './space/index.ts';`,
      'packages/core/space/index.ts': `export { a as c, b } from './key.ts';`,
      [key]: `export const a = 1;\nexport const b = 2;`,
    };
    expect(findings(files)).toEqual([
      'packages/core/space/index.ts:1: b is exported but imported nowhere',
      `${key}:2: b is exported but imported nowhere`,
    ]);
  });

  it('lets a type that its own file uses, and a file that a string names', () => {
    const files = {
      [main]: `import { a } from '../../core/space/key.ts'; a(new URL('../thread.ts', here));`,
      [key]: `export interface A { x: 1 }\nexport function a(): A { return { x: 1 }; }`,
      'packages/fleetune/thread.ts': `work();`,
    };
    expect(findings(files)).toEqual([]);
  });

  it('fails when it looked at nothing', () => {
    expect(findings({})).toEqual(['no source was looked at']);
  });
});
