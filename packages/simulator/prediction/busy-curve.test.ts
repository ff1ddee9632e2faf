import fc from 'fast-check';
import { expect, test } from 'vitest';
import { busyCurve } from './busy-curve.ts';

test('the curve has the whole busy time, in few stretches, however long it goes', () => {
  const steps = fc.array(fc.record({ ms: fc.nat(5_000), by: fc.integer({ min: -3, max: 4 }) }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(steps, (changes) => {
      const curve = busyCurve(8);
      let [nowMs, level, sum] = [0, 0, 0];
      for (const { ms, by } of changes) {
        sum += level * ms;
        nowMs += ms;
        const change = Math.max(-level, by);
        level += change;
        curve.change(nowMs, change);
      }
      const endMs = nowMs + 1;
      sum += level;
      const { stretchMs, busy } = curve.read(endMs);
      expect(busy.length).toBeLessThanOrEqual(8);
      const read = busy.reduce(
        (total, mean, i) => total + mean * Math.min(stretchMs, endMs - i * stretchMs),
        0,
      );
      expect(read).toBeCloseTo(sum, 3);
    }),
  );
});
