import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReportRow } from '../runner.ts';
import { mayBeJsonLine, parseJsonLine } from './json-line.ts';
import { createLineSplitter } from './line-splitter.ts';
import { createMetricRows, type RawRow } from './metric-row.ts';
import { createRegexRows } from './regex-rows.ts';

describe('line splitter', () => {
  test('lines are the same however the output is cut into chunks', () => {
    const bytes = fc.array(fc.constantFrom('a', '{', '\n', 'é', ' ', '\n\n'), { maxLength: 40 });
    fc.assert(
      fc.property(bytes, fc.array(fc.integer({ min: 1, max: 7 })), (parts, cuts) => {
        const whole = Buffer.from(parts.join(''));
        const lines: string[] = [];
        const splitter = createLineSplitter((line) => lines.push(line));
        let at = 0;
        for (const cut of [...cuts, whole.length]) {
          splitter.push(whole.subarray(at, at + cut));
          at += cut;
        }
        splitter.end();
        expect(lines).toEqual(parts.join('').split('\n').filter(Boolean));
      }),
    );
  });

  test('a line of megabytes is passed over, the next one is not', () => {
    const lines: string[] = [];
    const splitter = createLineSplitter((line) => lines.push(line));
    for (let i = 0; i < 20; i++) splitter.push(Buffer.alloc(1 << 16, 'x'));
    splitter.push(Buffer.from('\nnext\n'));
    expect(lines).toEqual(['next']);
  });

  test('what is not wanted at its first byte is not even decoded', () => {
    const lines: string[] = [];
    const splitter = createLineSplitter((line) => lines.push(line), mayBeJsonLine);
    splitter.push(Buffer.from('noise {\n{"a": 1}\n  {"a": 2}\n'));
    expect(lines).toEqual(['{"a": 1}', '  {"a": 2}']);
  });
});

describe('JSON lines', () => {
  test('any JSON object is read as it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(parseJsonLine(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each([
    ['{"acc": NaN, "loss": -Infinity}', { acc: 'NaN', loss: '-Infinity' }],
    [
      '{"a": [Infinity], "text": "NaN and \\"Infinity\\""}',
      { a: ['Infinity'], text: 'NaN and "Infinity"' },
    ],
    ['  {"acc": 1}\r', { acc: 1 }],
  ])('%s', (line, value) => expect(parseJsonLine(line)).toEqual(value));

  test.each(['{not json}', '[1]', '{"acc": 1', '3', ''])('%s is none', (line) => {
    expect(parseJsonLine(line)).toBeUndefined();
  });
});

function rowsOf(program: { kept: string[]; fidelity?: string }, raws: RawRow[]) {
  const rows: ReportRow[] = [];
  const found = createMetricRows(program, (row) => rows.push(row));
  return { taken: raws.map((raw) => found.take(raw)), rows, found };
}

describe('rows', () => {
  test('only kept metrics stay; the fidelity is the step', () => {
    const { rows } = rowsOf({ kept: ['acc', 'loss'], fidelity: 'epoch' }, [
      { epoch: 3, acc: 0.5, loss: 1, other: 2 },
    ]);
    expect(rows).toEqual([{ step: 3, metrics: { acc: 0.5, loss: 1 } }]);
  });

  test('a line with nothing but a fidelity is no row', () => {
    const { taken, rows } = rowsOf({ kept: ['acc'], fidelity: 'epoch' }, [{ epoch: 1 }, { x: 1 }]);
    expect([taken, rows]).toEqual([[false, false], []]);
  });

  test('a step that is no finite number is left to the order', () => {
    const { rows } = rowsOf({ kept: ['acc'], fidelity: 'epoch' }, [
      { acc: 1 },
      { acc: 1, epoch: 'NaN' },
    ]);
    expect(rows).toEqual([{ metrics: { acc: 1 } }, { metrics: { acc: 1 } }]);
  });
});

function matches(patterns: Record<string, string>, lines: string[]): RawRow[] {
  const rows: RawRow[] = [];
  const found = createRegexRows(patterns, 'epoch', (row) => rows.push(row));
  for (const line of lines) found.line(line);
  found.end();
  return rows;
}

describe('regular expressions', () => {
  const patterns = { acc: 'acc=(\\S+)', loss: 'loss=(\\S+)', epoch: 'epoch (\\d+)' };

  test('a row may stand on one line or on several', () => {
    const expected = [
      { epoch: 1, loss: 0.5, acc: 0.25 },
      { epoch: 2, loss: 0.4, acc: 0.5 },
    ];
    const one = ['epoch 1 loss=0.5 acc=0.25', 'epoch 2 loss=0.4 acc=0.5'];
    const several = ['epoch 1', 'loss=0.5', 'noise', 'acc=0.25', 'epoch 2', 'loss=.4 acc=5e-1'];
    const repeated = ['epoch 1 loss=0.5', 'epoch 1 acc=0.25', 'epoch 2 loss=0.4', 'epoch 2 acc=.5'];
    for (const lines of [one, several, repeated])
      expect(matches(patterns, lines)).toEqual(expected);
  });

  test('a name that comes again begins a new row', () => {
    expect(matches(patterns, ['acc=1', 'acc=1', 'loss=2'])).toEqual([
      { acc: 1 },
      { acc: 1, loss: 2 },
    ]);
  });

  test('of a line that a progress bar has overwritten the last value counts', () => {
    expect(matches({ acc: 'acc=(\\S+)' }, ['acc=0.1\racc=0.2\racc=0.3'])).toEqual([{ acc: 0.3 }]);
  });

  test('nan and inf are read as Python and C print them', () => {
    const lines = ['acc=nan', 'acc=-inf', 'acc=Infinity', 'acc=-nan', 'acc=high'];
    const values = matches({ acc: 'acc=(\\S+)' }, lines).map(({ acc }) => acc);
    expect(values).toEqual([NaN, -Infinity, Infinity, NaN]);
  });
});
