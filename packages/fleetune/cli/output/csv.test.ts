import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csv } from './csv.ts';

/** A reader of RFC 4180, from its grammar. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const pattern = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  for (const [, cell, separator] of text.matchAll(pattern)) {
    row.push(cell!.startsWith('"') ? cell!.slice(1, -1).replaceAll('""', '"') : cell!);
    if (separator === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

test('whatever is in a cell comes back', () => {
  const cells = fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 2 });
  fc.assert(
    fc.property(fc.array(cells), (rows) => {
      expect(parse(csv(['a', 'b'], rows))).toEqual([['a', 'b'], ...rows]);
    }),
  );
});

test('cells are quoted only where they have to be', () => {
  expect(csv(['x'], [['plain'], ['a,b'], ['say "hi"'], ['two\nlines'], [undefined], [1e-5]])).toBe(
    'x\r\nplain\r\n"a,b"\r\n"say ""hi"""\r\n"two\nlines"\r\n\r\n0.00001\r\n',
  );
});
