import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addLength, areShort, newLengths } from './recent-lengths.ts';

test('attempts are short when at least half of the latest 31 are, and not before there is one', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 100 }), (lengths) => {
      const recent = newLengths();
      expect(areShort(recent)).toBe(false);
      for (const short of lengths) addLength(recent, short);
      const latest = lengths.slice(-31);
      const long = latest.filter((short) => !short).length;
      expect(areShort(recent)).toBe(latest.length > 0 && latest.length - long >= long);
    }),
  );
});
