import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { compileKernels, moduleFile } from './compile.ts';

test('the kernels that core carries are those that their sources compile to (else: ./dev kernels)', async () => {
  expect(await readFile(moduleFile, 'utf8')).toBe(await compileKernels());
});
