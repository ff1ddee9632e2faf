import { expect, test } from 'vitest';
import { errorTable } from './table.ts';

const rows = Object.entries(errorTable);

test('codes are area.situation, in small letters', () => {
  for (const [code] of rows)
    expect(code).toMatch(/^internal$|^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
});

test('every row says what to do in full sentences', () => {
  for (const [code, { message, remedy }] of rows) {
    expect(message, code).toMatch(/\S/);
    expect(message, code).not.toMatch(/\.$/);
    expect(remedy, code).toMatch(/^\S.*[.?}]$/s);
  }
});

test('no remedy says only that something is to be changed', () => {
  for (const [code, { message, remedy }] of rows) {
    expect(remedy, code).not.toMatch(/^(Change|Correct) (it|the \w+)\.$/);
    // What was expected is what to give.
    if (/^must be \{expected\}/.test(message)) expect(remedy, code).toContain('{expected}');
  }
});

test('a remedy that a command is comes with the command', () => {
  expect(errorTable['study.budget-used'].remedy).toContain('fleetune run STUDY --trials N');
  expect(errorTable['study.not-running'].remedy).toMatch(/nothing to stop/);
});

test('bad input is never worth a retry', () => {
  for (const [code, { exit, status, retryable }] of rows) {
    if (status === 400) expect([exit, retryable], code).toEqual([2, false]);
  }
});

test('statuses are errors of HTTP', () => {
  for (const [code, { status }] of rows) {
    expect(status, code).toBeGreaterThanOrEqual(400);
    expect(status, code).toBeLessThan(600);
  }
});
