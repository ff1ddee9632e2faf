import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stripVTControlCharacters } from 'node:util';
import { anyStatus } from '../testing/any-status.ts';
import { recordedStatus } from '../testing/recorded-study.ts';
import {
  NOW,
  clusterStatus,
  createdStatus,
  endedStatus,
  frontStatus,
  recentTrials,
  runningStatus,
} from '../testing/sample-status.ts';
import { renderStatus } from './render-status.ts';
import { renderSummary } from './summary.ts';
import { textWidth } from './text-width.ts';

const hint = 'Ctrl-C drains: running trials go back to the queue. A second one ends now.';
const sizes = [
  { width: 80, height: 24 },
  { width: 200, height: 50 },
  { width: 40, height: 10 },
];

describe.each(sizes)('a screen of $width × $height', ({ width, height }) => {
  test.each([
    ['running', runningStatus],
    ['cluster', clusterStatus],
    ['created', createdStatus],
    ['ended', endedStatus],
    ['front', frontStatus],
    ['recorded', recordedStatus()],
  ])('of a %s study', async (name, status) => {
    const size = { width, height, colour: false, now: NOW };
    const lines = renderStatus(status, size, { recent: recentTrials, hint });
    const path = `./snapshots/${name}-${width}x${height}.txt`;
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(path);
  });
});

test('a bar is full when the last trial has ended, and counts none that runs', () => {
  const counts = { ...runningStatus.trials, running: 6, completed: 30, stopped: 4, failed: 0 };
  const { etaMs: _, ...status } = { ...runningStatus, budget: { trials: 40 }, trialsUsed: 40 };
  const size = { width: 80, height: 50, colour: false, now: NOW };
  const [bar, states] = renderStatus({ ...status, trials: counts }, size).slice(2);
  expect(bar).toMatch(/^Trials +━{20,}─+ {2}34 \/ 40$/);
  expect(states).toContain('6 running · 30 completed · 4 stopped');
  const soon = { ...status, trials: counts, etaMs: 300 };
  expect(renderStatus(soon, size)[2]).toMatch(/34 \/ 40 {3}ETA 0:01$/);
});

test('a trial that waits on its slot is next, not set aside, and no second attempt when it begins', () => {
  const size = { width: 100, height: 50, colour: false, now: NOW };
  const reserves = [{ trial: 92, attempt: 1, worker: 'local-1', slot: 0, behind: 87 }];
  const trials = { ...runningStatus.trials, queued: 1 };
  const text = renderStatus({ ...runningStatus, trials, reserves }, size).join('\n');
  expect(text).toContain('2 running · 1 next in line · 11 completed');
  expect(text).not.toMatch(/Set aside|queued/);
  const running = [{ ...runningStatus.running[0]!, attempt: 2 }];
  expect(renderStatus({ ...runningStatus, running }, size).join('\n')).not.toContain('attempt 2');
});

test('suggestions that are made ahead say where they come from', () => {
  const advisor = {
    mode: 'thread',
    step: 'reduced',
    reason: { code: 'load', text: 'fewer candidates: one takes 90 ms' },
    queue: { ready: 3, wanted: 4 },
    modelLag: 0,
    given: 100,
    fallbackShare: 0.02,
  } as const;
  for (const width of [80, 200]) {
    const size = { width, height: 50, colour: false, now: NOW };
    const text = renderStatus({ ...runningStatus, advisor }, size).join('\n');
    expect(text).toMatch(/with fewer candidates, ahead of demand \(3 of 4 ready\)/);
    if (width === 200) expect(text).toContain('2.0 % drawn at random so far');
    const inline = { ...advisor, mode: 'inline', step: 'full', fallbackShare: 0 } as const;
    const silent = renderStatus({ ...runningStatus, advisor: inline }, size).join('\n');
    expect(silent).not.toContain('Suggestions');
  }
});

test('no line is wider than the width, and no more lines than the height', () => {
  fc.assert(
    fc.property(
      anyStatus,
      fc.integer({ min: 1, max: 250 }),
      fc.integer({ min: 1, max: 60 }),
      fc.boolean(),
      (status, width, height, colour) => {
        const size = { width, height, colour, now: NOW };
        const lines = renderStatus(status, size, { recent: recentTrials, hint });
        expect(lines.length).toBeLessThanOrEqual(height);
        for (const line of lines) {
          const plain = stripVTControlCharacters(line);
          expect(textWidth(plain)).toBeLessThanOrEqual(width);
          expect(plain).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        }
      },
    ),
  );
});

test('colour changes nothing but the colour', () => {
  fc.assert(
    fc.property(anyStatus, (status) => {
      const size = { width: 100, height: 40, now: NOW };
      const coloured = renderStatus(status, { ...size, colour: true });
      const plain = renderStatus(status, { ...size, colour: false });
      expect(coloured.map((line) => stripVTControlCharacters(line).trimEnd())).toEqual(plain);
    }),
  );
});

test('what matters most stays on the smallest screen', () => {
  const lines = renderStatus(runningStatus, { width: 60, height: 6, colour: false, now: NOW });
  expect(lines[0]).toContain('digits-mlp');
  expect(lines.join('\n')).toContain('85 / 200');
});

test('every slot has its line when there is room, and the others are counted when not', () => {
  const running = Array.from({ length: 30 }, (_, i) => ({
    ...runningStatus.running[0]!,
    trial: i,
  }));
  const status = { ...runningStatus, running };
  const size = { width: 80, colour: false, now: NOW };
  const large = renderStatus(status, { ...size, height: 100 }).join('\n');
  for (let trial = 0; trial < 30; trial++) expect(large).toContain(`#${trial} `);
  expect(renderStatus(status, { ...size, height: 30 }).join('\n')).toMatch(/and \d+ more slots/);
});

describe('the summary', () => {
  const context = {
    place: { database: 'fleetune.db', files: '.fleetune/digits-mlp' },
    study: 'study.yaml',
    command: 'python3 train.py --lr 0.0123456789 --units 128',
    program: 'fleetune',
    width: 100,
    colour: false,
  };

  test.each([
    ['ended', endedStatus],
    ['front', frontStatus],
    ['recorded', recordedStatus()],
    ['without-incumbent', { ...createdStatus, state: 'ended' as const }],
  ])('of a %s study', async (name, status) => {
    const lines = renderSummary(status, context);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`./snapshots/summary-${name}.txt`);
  });

  test('never cuts the command, however narrow the terminal', () => {
    const lines = renderSummary(endedStatus, { ...context, width: 20 });
    expect(lines).toContain(`  ${context.command}`);
  });

  test('cuts nothing that matters at 80 columns', () => {
    const text =
      'the program exited with 1: ModuleNotFoundError, is scikit-learn really installed?';
    const failure = { ...endedStatus.lastFailure!, reason: { code: 'exit', text } };
    const objective = { metric: 'validation_accuracy_balanced', direction: 'maximize' as const };
    const status = { ...endedStatus, objective, lastFailure: failure };
    const narrow = renderSummary(status, { ...context, width: 80 });
    const words = narrow.join(' ').replace(/ +/g, ' ');
    expect(words).toContain('the search gained +0.0389');
    expect(words).toContain(text);
    for (const line of narrow) expect(line).not.toContain('…');
  });

  test('has one gap in the singular', () => {
    const utilization = endedStatus.utilization!;
    const gapMs = { ...utilization.gapMs!, count: 1 };
    const status = { ...endedStatus, utilization: { ...utilization, gapMs } };
    expect(renderSummary(status, context).join('\n')).toContain(' 1 gap: p50');
  });

  test('has commands to copy, as the user calls ours', () => {
    const lines = renderSummary(endedStatus, { ...context, program: './fleetune' });
    expect(lines).toContain('  ./fleetune trial list study.yaml');
    expect(lines.join('\n')).not.toMatch(/(?<!\/)fleetune trial/);
  });

  test('says what the search gained in the direction of the objective only', () => {
    const gained = (status: typeof endedStatus): string =>
      renderSummary(status, context).join('\n');
    expect(gained(endedStatus)).toContain('gained +0.0389');
    const objective = { metric: 'loss', direction: 'minimize' as const };
    expect(gained({ ...endedStatus, objective })).not.toContain('gained');
  });
});
