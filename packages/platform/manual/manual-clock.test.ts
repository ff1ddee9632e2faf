import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manualClock } from './manual-clock.ts';

const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('set' as const), ms: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(1000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.nat(10) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('step' as const) }) },
);

test('calls everything that is due, by time and then in the order of setting, and nothing cancelled', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const clock = manualClock(0);
      const called: number[] = [];
      const cancels: (() => void)[] = [];
      /** What the clock should still call. */
      let open: { id: number; atMs: number }[] = [];
      const due = (upToMs: number): number[] => {
        const now = open.filter(({ atMs }) => atMs <= upToMs);
        open = open.filter(({ atMs }) => atMs > upToMs);
        return now.sort((a, b) => a.atMs - b.atMs || a.id - b.id).map(({ id }) => id);
      };
      const expected: number[] = [];
      for (const it of actions) {
        if (it.do === 'set') {
          const id = cancels.length;
          open.push({ id, atMs: clock.monotonic() + it.ms });
          cancels.push(clock.after(it.ms, () => called.push(id)));
        } else if (it.do === 'cancel') {
          const id = it.which % Math.max(1, cancels.length);
          cancels[id]?.();
          open = open.filter((timer) => timer.id !== id);
        } else if (it.do === 'advance') {
          expected.push(...due(clock.monotonic() + it.ms));
          clock.advance(it.ms);
        } else {
          const [first] = open.toSorted((a, b) => a.atMs - b.atMs || a.id - b.id);
          open = open.filter((timer) => timer !== first);
          expect(clock.step()).toBe(first !== undefined);
          if (first !== undefined) {
            expected.push(first.id);
            expect(clock.monotonic()).toBe(first.atMs);
          }
        }
        expect(called).toEqual(expected);
        const nextMs = Math.min(...open.map(({ atMs }) => atMs));
        expect(clock.untilNext() ?? Infinity).toBe(nextMs - clock.monotonic());
      }
    }),
  );
});

test('a callback sees the time at which it was due, and may set others that are due in the same move', () => {
  const clock = manualClock(1_000);
  const seen: number[] = [];
  clock.after(5, () => {
    seen.push(clock.now());
    clock.after(3, () => seen.push(clock.now()));
    clock.after(30, () => seen.push(clock.now()));
  });
  clock.advance(10);
  expect(seen).toEqual([1_005, 1_008]);
  expect(clock.now()).toBe(1_010);
});
