// Signals: the first drains, a second Ctrl-C ends now; both leave a study that goes on where it was, and no process.

import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { prepareCommand, runCommand, startCommand, until, type Started } from './command.ts';
import { closeFolder, newFolder } from './folder.ts';
import { running, withEnvironment } from './process-tree.ts';

let folder: string;
let name: string;
let cases = 0;

beforeAll(prepareCommand, 120_000);
beforeEach(() => {
  folder = newFolder('interrupted');
  cases += 1;
  name = `interrupted-${process.pid}-${cases}`;
});
afterEach(() => closeFolder(folder));

/** Two trials at a time, which wait for a file; `trap` is what they do about SIGTERM. */
function study(trap: string, more = ''): void {
  writeFileSync(
    join(folder, 'study.yaml'),
    `
name: ${name}
objective: { metric: loss, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
command: "${trap}; touch started-{x}; while [ ! -e go ]; do sleep 0.02; done; echo '{\\"loss\\": {x}}'"
budget: { trials: 3 }
engine: { type: local, slots: 2 }
limits: { grace: 60s }
${more}
`,
  );
}

async function startWithTrials(): Promise<Started> {
  const run = startCommand(['run', 'study.yaml', '--json'], folder);
  await until('two trials', () => files(/^started-/) === 2);
  return run;
}

const files = (named: RegExp): number =>
  readdirSync(folder).filter((file) => named.test(file)).length;

const trials = (): number[] => withEnvironment(`FLEETUNE_STUDY=${name}`);

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s drains; run again goes on',
  async (signal) => {
    study("trap 'exit 7' TERM");
    const run = await startWithTrials();
    run.process.kill(signal);
    const { code, stdout, stderr } = await run.finished;
    expect([code, stderr]).toEqual([130, '']);
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({
      end: 'drained',
      exitCode: 130,
      status: { trials: { queued: 2, running: 0 } },
    });
    await until('no process', () => trials().length === 0);
    writeFileSync(join(folder, 'go'), '');
    const again = await runCommand(['run', 'study.yaml', '--json'], folder);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(again.stdout.trim().split('\n').at(-1)!)).toMatchObject({
      end: 'budget-trials',
      status: { trialsUsed: 3, trials: { completed: 3 } },
    });
  },
);

it('a second Ctrl-C kills programs that ignore the first; run again goes on', async () => {
  study("trap 'touch told-{x}' TERM");
  const run = await startWithTrials();
  run.process.kill('SIGINT');
  await until('both are told', () => files(/^told-/) === 2);
  const again = performance.now();
  run.process.kill('SIGINT');
  expect(await run.finished).toMatchObject({ code: 130, stderr: '' });
  expect(performance.now() - again).toBeLessThan(3_000);
  await until('no process', () => trials().length === 0);
  writeFileSync(join(folder, 'go'), '');
  expect(await runCommand(['run', 'study.yaml'], folder)).toMatchObject({ code: 0, stderr: '' });
});

it('Ctrl-C in the set-up ends it, and run again does it anew', async () => {
  const marker = `${name}-setup`;
  const wait = `until [ -e ready ]; do : ${marker}; sleep 0.02; done; touch done`;
  study(':', `setup: [[sh, -c, ${JSON.stringify(wait)}]]`);
  const run = startCommand(['run', 'study.yaml', '--json'], folder);
  await until('the set-up runs', () => running(marker).length > 0);
  run.process.kill('SIGINT');
  const { code, stderr } = await run.finished;
  expect([code, stderr]).toEqual([130, '']);
  await until('no set-up', () => running(marker).length === 0);
  writeFileSync(join(folder, 'ready'), '');
  writeFileSync(join(folder, 'go'), '');
  expect(await runCommand(['run', 'study.yaml'], folder)).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(join(folder, 'done'))).toBe(true);
});

it('study stop from another terminal keeps what was reached', async () => {
  study("trap 'exit 7' TERM");
  const run = await startWithTrials();
  const stop = await runCommand(['study', 'stop', 'study.yaml'], folder);
  expect(stop).toMatchObject({ code: 0, stderr: '' });
  const { code, stdout, stderr } = await run.finished;
  // No trial has reported: there is no incumbent.
  expect([code, stderr]).toEqual([1, '']);
  expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({
    end: 'stopped',
    status: { trials: { stopped: 2, queued: 0 } },
  });
  const again = await runCommand(['study', 'stop', 'study.yaml'], folder);
  expect(again.stderr).toContain('[study.not-running]');
  expect(again.code).toBe(2);
});
