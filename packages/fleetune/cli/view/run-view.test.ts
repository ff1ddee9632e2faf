import { expect, test } from 'vitest';
import type { StudyEvent } from '@fleetune/core';
import { fakeConsole, type FakeConsole } from '../testing/fake-console.ts';
import { recordStudy } from '../testing/recorded-study.ts';
import { endedStatus, runningStatus } from '../testing/sample-status.ts';
import { openRunView, type Watched } from './run-view.ts';

const { spec, events } = recordStudy();
const context = {
  place: { database: 'fleetune.db', files: '.fleetune/recorded' },
  study: 'study.yaml',
};
const result = { end: 'budget-trials', exitCode: 0, status: endedStatus } as const;

function watched(console: FakeConsole, json = false) {
  const view = openRunView(console, spec, { json, hint: 'Ctrl-C drains.' });
  let listener: (events: StudyEvent[]) => void = () => undefined;
  let asked = 0;
  const session: Watched = {
    status: () => (asked++, runningStatus),
    subscribe: (to) => {
      listener = to;
      return () => (listener = () => undefined);
    },
  };
  view.watch(session);
  return { view, send: (batch: StudyEvent[]) => listener(batch), asked: () => asked };
}

test('a screen is painted at most ten times per second, and about once without news', () => {
  const console = fakeConsole({ terminal: [80, 24] });
  const { send, asked } = watched(console);
  const before = asked();
  for (let ms = 0; ms < 1000; ms += 10) {
    send(events);
    console.advance(10);
  }
  expect(asked() - before).toBeLessThanOrEqual(10);
  const calm = asked();
  for (let ms = 0; ms < 5000; ms += 100) console.advance(100);
  expect(asked() - calm).toBeLessThanOrEqual(6);
  expect(asked() - calm).toBeGreaterThanOrEqual(4);
});

test('after the end the screen is gone, the cursor back and the summary there', () => {
  const console = fakeConsole({ terminal: [80, 24] });
  const { view } = watched(console);
  view.close();
  view.close();
  const before = console.out();
  expect(before.split('\u001b[?25h')).toHaveLength(2);
  view.result(result, context);
  expect(console.out().slice(before.length)).toContain('the search gained');
  console.advance(10_000);
  expect(console.out().split('\u001b[?25l')).toHaveLength(2);
});

test.each([
  ['not a terminal', fakeConsole()],
  ['CI', fakeConsole({ terminal: [80, 24], env: { CI: 'true' } })],
  ['TERM=dumb', fakeConsole({ terminal: [80, 24], env: { TERM: 'dumb' } })],
])('no escape sequence is written when the output is %s', (_, console) => {
  const { view, send } = watched(fakeConsole());
  send(events);
  view.result(result, context);
  expect(console.out()).not.toMatch(/\u001b\[\?|\u001b\[\d*A/);
});

test('NO_COLOR keeps the screen and drops the colours', () => {
  const console = fakeConsole({ terminal: [80, 24], env: { NO_COLOR: '1' } });
  watched(console);
  expect(console.out()).toContain('digits-mlp');
  expect(console.out()).not.toMatch(/\u001b\[\d+m/);
});

test('with --json every line is one event, the last one the result', () => {
  const console = fakeConsole({ terminal: [80, 24] });
  const { view, send } = watched(console, true);
  send(events);
  view.close();
  view.result(result, { ...context, command: 'true' });
  const lines = console
    .out()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string });
  expect(lines.slice(0, -1)).toEqual(JSON.parse(JSON.stringify(events)));
  expect(lines.at(-1)).toMatchObject({ kind: 'result', exitCode: 0, command: 'true' });
});
