import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable, textWidth, truncate } from './text-width.ts';

test.each([
  ['plain', 5],
  ['naïve', 5],
  ['e\u0301', 1],
  ['日本', 4],
  ['한국', 4],
  ['ｆｕｌｌ', 8],
  ['🚀', 2],
  ['👩‍👩‍👧‍👦', 2],
  ['❤️', 2],
  ['━─…·', 4],
  ['a\u200bb', 2],
])('%s takes %i columns', (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test('a cut text fits, and is the text itself when that fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 20 }), (text, width) => {
      const cut = truncate(printable(text), width);
      expect(textWidth(cut)).toBeLessThanOrEqual(width);
      if (textWidth(printable(text)) <= width) expect(cut).toBe(width === 0 ? '' : printable(text));
    }),
  );
});

test('a wide character is never cut in half', () => {
  expect(truncate('日本語', 4)).toBe('日…');
  expect(truncate('日本語', 5)).toBe('日本…');
});

test('a printable text has no control character, and stays the same when printed again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = printable(text);
      expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      expect(printable(shown)).toBe(shown);
    }),
  );
});

test('colours of a program are left out', () => {
  expect(printable('\u001b[1;31mred\u001b[0m\tand\r\nmore')).toBe('red and more');
});
