import { expect, test } from 'vitest';
import { fakeConsole } from '../testing/fake-console.ts';
import { frameSize, openPainter } from './painter.ts';

const SHOW_CURSOR = '\u001b[?25h';
const HIDE_CURSOR = '\u001b[?25l';

test('the same frame is written once', () => {
  const console = fakeConsole({ terminal: [80, 24] });
  const painter = openPainter(console);
  painter.paint(['one', 'two']);
  const before = console.out();
  painter.paint(['one', 'two']);
  expect(console.out()).toBe(before);
});

test('a frame is written over the one before', () => {
  const console = fakeConsole({ terminal: [80, 24] });
  const painter = openPainter(console);
  painter.paint(['one', 'two']);
  painter.paint(['three']);
  expect(console.out()).toContain('\u001b[2A\rthree');
});

test('after a resize the frame is painted again from the top', () => {
  const console = fakeConsole({ terminal: [80, 24] });
  const painter = openPainter(console);
  painter.paint(['one']);
  console.resize(100, 30);
  painter.paint(['one']);
  expect(console.out()).toContain('\u001b[H\u001b[Jone');
  expect(frameSize(console)).toEqual({ width: 99, height: 29 });
});

test('the cursor comes back when the view closes, and when the process ends without closing it', () => {
  const closed = fakeConsole({ terminal: [80, 24] });
  const painter = openPainter(closed);
  painter.paint(['one']);
  expect(closed.out()).toContain(HIDE_CURSOR);
  painter.close();
  expect(closed.out().endsWith(SHOW_CURSOR)).toBe(true);

  const killed = fakeConsole({ terminal: [80, 24] });
  openPainter(killed).paint(['one']);
  expect(killed.out()).not.toContain(SHOW_CURSOR);
  killed.exit();
  expect(killed.out().endsWith(SHOW_CURSOR)).toBe(true);
});
