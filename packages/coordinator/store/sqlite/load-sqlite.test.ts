import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { loadSqlite } from './load-sqlite.ts';

test('answers the module and leaves the warnings of the process as they were', () => {
  const { emitWarning } = process;
  expect(loadSqlite().DatabaseSync).toBeTypeOf('function');
  expect(process.emitWarning).toBe(emitWarning);
});

test('prints nothing, and lets every other warning through', () => {
  const load = new URL('./load-sqlite.ts', import.meta.url).href;
  const script = `
    process.on('warning', ({ message }) => console.log(message));
    const { loadSqlite } = await import('${load}');
    loadSqlite();
    process.emitWarning('seen', 'ExperimentalWarning');`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  // Node 22 has a notice of its own about the types in the imported file.
  const warnings = out
    .toString()
    .split('\n')
    .filter((line) => !line.startsWith('Type Stripping'));
  expect(warnings).toEqual(['seen', '']);
});
