import { expect, test } from 'vitest';
import { FleetuneError, assert, errorInfo, fail, render } from './fleetune-error.ts';

test('an error is its row with the data filled in', () => {
  const data = { expected: 'below high (0.1)', got: 1 };
  const info = errorInfo('input.value', 'space.lr.low', data);
  expect(info).toMatchObject({
    code: 'input.value',
    place: 'space.lr.low',
    retryable: false,
    data,
  });
  expect(render(info)).toBe('space.lr.low: must be below high (0.1), got 1');
});

test('an error without a place is its message', () => {
  expect(render(errorInfo('trial.not-found', '', { trial: 3 }))).toBe('there is no trial 3');
});

test('values are not filled in again', () => {
  const info = errorInfo('input.value', 'x', { expected: '{got}', got: '{expected}' });
  expect(info.message).toBe('must be {got}, got {expected}');
});

test('what there is nothing to say for is left out', () => {
  const message = (nearest: string) =>
    errorInfo('cli.unknown-option', '', { option: '--x', nearest, command: 'run' }).message;
  expect(message('--y')).toBe('there is no option --x; did you mean --y?');
  expect(message('')).toBe('there is no option --x');
});

test('a thrown error keeps its info and its cause', () => {
  const cause = new Error('why');
  const error = fail('trial.not-found', '', { trial: 3 }, { cause });
  expect(error).toBeInstanceOf(FleetuneError);
  expect(error).toBeInstanceOf(Error);
  expect(error.code).toBe('trial.not-found');
  expect(error.message).toBe('there is no trial 3');
  expect(error.cause).toBe(cause);
});

test('info is plain JSON', () => {
  const info = errorInfo('trial.not-found', 'trial', { trial: 3 });
  expect(JSON.parse(JSON.stringify(info))).toEqual(info);
});

test('a broken assumption of ours is no error of the user', () => {
  expect(() => assert(false, 'one is two')).toThrow('assertion failed: one is two');
  expect(() => assert(true, 'one is one')).not.toThrow();
  // @ts-expect-error the data lacks what the row needs
  expect(() => errorInfo('trial.not-found', '', {})).toThrow('assertion failed');
});
