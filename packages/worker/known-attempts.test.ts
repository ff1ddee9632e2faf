import { expect, test } from 'vitest';
import { manualClock } from '@fleetune/platform/manual';
import { knownAttempts } from './known-attempts.ts';

const first = { study: 'one', trial: 0, attempt: 1, createdAt: 5 };

test('an attempt is new once, and so is each of its successors', () => {
  const known = knownAttempts(manualClock(), 1000);
  expect(known.add(first)).toBe(true);
  expect(known.add({ ...first })).toBe(false);
  expect(known.add({ ...first, attempt: 2 })).toBe(true);
  expect(known.add(first)).toBe(false);
});

test('the same numbers of another study, or of one that was made anew, are new', () => {
  const known = knownAttempts(manualClock(), 1000);
  known.add(first);
  expect(known.add({ ...first, study: 'other' })).toBe(true);
  expect(known.add({ ...first, createdAt: 6 })).toBe(true);
});

test('the latest are known, however many there were, and of the others only as many', () => {
  const known = knownAttempts(manualClock(), 1000, 10);
  for (let trial = 0; trial < 100; trial++) known.add({ ...first, trial });
  const isKnown = (trial: number): boolean => !known.add({ ...first, trial });
  for (let trial = 99; trial >= 90; trial--) expect(isKnown(trial)).toBe(true);
  for (let trial = 79; trial >= 0; trial--) expect(isKnown(trial)).toBe(false);
});

test('those of the last while are known, and few that are older', () => {
  const clock = manualClock();
  const known = knownAttempts(clock, 1000);
  for (let trial = 0; trial < 100; trial++) {
    clock.advance(100);
    known.add({ ...first, trial });
  }
  const isKnown = (trial: number): boolean => !known.add({ ...first, trial });
  for (let trial = 99; trial >= 90; trial--) expect(isKnown(trial)).toBe(true);
  for (let trial = 75; trial >= 0; trial--) expect(isKnown(trial)).toBe(false);
});
