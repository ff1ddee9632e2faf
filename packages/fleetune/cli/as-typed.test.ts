import { expect, test } from 'vitest';
import { asTyped, programWord } from './as-typed.ts';
import { printFailure } from './failure.ts';
import { fakeConsole } from './testing/fake-console.ts';
import { fail } from '@fleetune/core';

test('printed commands are those of whoever typed ./fleetune, and nothing else changes', () => {
  expect(asTyped('List them: fleetune study list.', './fleetune')).toBe(
    'List them: ./fleetune study list.',
  );
  expect(asTyped('"fleetune run" goes on with it', '../fleetune')).toBe(
    '"../fleetune run" goes on with it',
  );
  for (const text of ['fleetune.db', '.fleetune/run', 'fleetune tunes', './fleetune run x']) {
    expect(asTyped(text, '/x/fleetune')).toBe(text);
  }
});

test('a path that the shell would split is quoted; an installed command is fleetune', () => {
  expect(programWord(undefined)).toBe('fleetune');
  expect(programWord('./fleetune')).toBe('./fleetune');
  expect(programWord("/it's here/fleetune")).toBe("'/it'\\''s here/fleetune'");
});

test('a remedy names the command as it was typed', () => {
  const console = { ...fakeConsole(), program: './fleetune' };
  printFailure(fail('study.not-found', '', { name: 'x' }), { argv: [], console, pages: [] });
  expect(console.err()).toContain('List them: ./fleetune study list.');
});
