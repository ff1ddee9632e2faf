import { describe, expect, test } from 'vitest';
import { excerpt, sameOutput } from './match-output.ts';

describe('sameOutput', () => {
  test('does not mind other numbers, times and columns', () => {
    const printed = 'Incumbent   acc 0.9782 at epoch 27   0:46\n\nspent 1,080 x 3.2e-05\n';
    const real = 'Incumbent   acc 0.98 at epoch 9  1:02:07\nspent 260 x -0.001\n';
    expect(sameOutput(printed, real, 'text')).toBe(true);
  });

  test('minds another word, and a line more or less', () => {
    expect(sameOutput('3 trials\n', '3 attempts\n', 'text')).toBe(false);
    expect(sameOutput('3 trials\n', '3 trials\n1 failed\n', 'text')).toBe(false);
  });

  test('with labels it minds only what begins a line at the margin', () => {
    const printed = 'Incumbent  lr 0.1\n           act relu\nTrials 4\n';
    expect(sameOutput(printed, 'Incumbent  act tanh\nTrials 5\n', 'labels')).toBe(true);
    expect(sameOutput(printed, 'Incumbent  act tanh\n', 'labels')).toBe(false);
  });
});

describe('excerpt', () => {
  const output = 'one\ntwo\nthree\nfour\n\n';

  test('goes from the first line that begins so to the next that begins so', () => {
    expect(excerpt(output, 'tw', 'th')).toBe('two\nthree\n');
    expect(excerpt(output)).toBe('one\ntwo\nthree\nfour\n');
  });

  test('is undefined when no line begins so', () => {
    expect(excerpt(output, 'five')).toBeUndefined();
    expect(excerpt(output, 'three', 'one')).toBeUndefined();
  });
});
