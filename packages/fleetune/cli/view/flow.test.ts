import { expect, test } from 'vitest';
import { flow } from './flow.ts';
import { span } from './line.ts';

const texts = (lines: ReturnType<typeof flow>): string[] =>
  lines.map((line) => line.map(({ text }) => text).join(''));

test('a line breaks between words, and keeps its styles and its indentation', () => {
  const line = [span('trial 3 ', 'bad'), span('crashed: no module named numpy')];
  const flowed = flow(line, 16);
  expect(texts(flowed)).toEqual(['trial 3 crashed:', 'no module named', 'numpy']);
  expect(flowed[0]![0]).toEqual({ text: 'trial 3 ', style: 'bad' });
  expect(texts(flow([span('  File "a.py"')], 40))).toEqual(['  File "a.py"']);
});

test('a word that is longer than a line has one of its own', () => {
  expect(texts(flow([span('a /very/long/path b')], 6))).toEqual(['a', '/very/long/path', 'b']);
});
