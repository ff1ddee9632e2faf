import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from './system-clock.ts';

const MONTH_MS = 30 * 86_400_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('waits for a month, which is longer than a timer of JavaScript can', () => {
  const callback = vi.fn();
  systemClock.after(MONTH_MS, callback);
  vi.advanceTimersByTime(MONTH_MS - 1);
  expect(callback).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(callback).toHaveBeenCalledOnce();
});

it('forgets a callback that is cancelled, however late', () => {
  const callback = vi.fn();
  const cancel = systemClock.after(MONTH_MS, callback);
  vi.advanceTimersByTime(MONTH_MS - 1);
  cancel();
  vi.advanceTimersByTime(MONTH_MS);
  expect(callback).not.toHaveBeenCalled();
});
