import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillCommand, shellQuote, valueText } from './fill-command.ts';
import { searchSpace } from './search-space.ts';

const space = searchSpace(
  [
    { name: 'solver', type: 'categorical', choices: ['adam', 'sgd', "it's $HOME"] },
    { name: 'lr', type: 'float', low: 0, high: 1, log: false },
    { name: 'momentum', type: 'float', low: 0, high: 1, log: false, when: { solver: 'sgd' } },
  ],
  [],
);
const adam = { solver: 'adam', lr: 1e-7 };
const sgd = { solver: 'sgd', lr: 0.1, momentum: 0.5 };
const odd = { solver: "it's $HOME", lr: 1 };

test('a placeholder becomes the value, also inside an argument', () => {
  expect(fillCommand(['train', '--lr={lr}', '{solver}-{lr}'], adam, space)).toEqual({
    argv: ['train', '--lr=1e-7', 'adam-1e-7'],
  });
});

test('a list is left out exactly when a parameter in it is inactive', () => {
  const command = ['train', ['--momentum', '{momentum}'], ['--solver', '{solver}']];
  expect(fillCommand(command, adam, space)).toEqual({ argv: ['train', '--solver', 'adam'] });
  expect(fillCommand(command, sgd, space)).toEqual({
    argv: ['train', '--momentum', '0.5', '--solver', 'sgd'],
  });
});

test('{params} is every active parameter in the order of the space', () => {
  const shuffled = { momentum: 0.5, lr: 0.1, solver: 'sgd' };
  expect(fillCommand(['train', '{params}', 'end'], shuffled, space)).toEqual({
    argv: ['train', '--solver', 'sgd', '--lr', '0.1', '--momentum', '0.5', 'end'],
  });
  expect(fillCommand('train {params}', adam, space)).toEqual({
    shell: 'train --solver adam --lr 1e-7',
  });
});

test('an argument is never seen by a shell, a shell command has its values quoted', () => {
  expect(fillCommand(['a', '{solver}'], odd, space)).toEqual({ argv: ['a', "it's $HOME"] });
  expect(fillCommand('a {solver}', odd, space)).toEqual({ shell: `a 'it'\\''s $HOME'` });
});

test('doubled braces are the text itself, and other braces stay', () => {
  const text = '{{lr}} {"a":{"b":{lr}}} ${X:-1} {print $1}';
  expect(fillCommand([text], sgd, space)).toEqual({
    argv: ['{lr} {"a":{"b":0.1}} ${X:-1} {print $1}'],
  });
});

test('values are not filled in again', () => {
  const own = searchSpace([{ name: 'a', type: 'constant', value: '{a}$&' }], []);
  expect(fillCommand(['{a}'], own.defaults(), own)).toEqual({ argv: ['{a}$&'] });
});

test('numbers print so that the same double is read again', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (x) => {
      expect(Number(valueText(x))).toBe(x === 0 ? 0 : x);
    }),
  );
  fc.assert(fc.property(fc.maxSafeInteger(), (n) => /^-?\d+$/.test(valueText(n))));
  expect([true, false, null, 'x'].map(valueText)).toEqual(['true', 'false', 'null', 'x']);
});

test('a shell reads a quoted text as one word, unchanged', () => {
  const words = fc.sample(
    fc.string().filter((text) => !text.includes('\0')),
    {
      numRuns: 100,
      seed: 1,
    },
  );
  const script = `printf '%s\\0' ${words.map(shellQuote).join(' ')}`;
  expect(execFileSync('/bin/sh', ['-c', script]).toString()).toBe(
    words.map((word) => `${word}\0`).join(''),
  );
});
