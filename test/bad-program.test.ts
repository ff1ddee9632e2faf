// Promise 5 (DESIGN §12): whatever the programs of trials do, each trial says why, and the study goes on to its end.

import { chmodSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StudyEvent } from '@fleetune/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { prepareCommand, runCommand, startCommand, until, type Finished } from './command.ts';
import { closeFolder, newFolder } from './folder.ts';
import { childrenOf, withEnvironment } from './process-tree.ts';

beforeAll(prepareCommand, 120_000);

interface Trial {
  number: number;
  params: Record<string, string>;
  state: string;
  attempts: number;
  reason: string;
  value?: number;
  tail?: string[];
  events: StudyEvent[];
}

const name = `programs-${process.pid}`;

/** Shell scripts by the name of the choice; `missing` is not there. */
const programs = {
  good: `echo '{"loss": 1}'`,
  missing: undefined,
  silent: 'echo no metric from me',
  nan: `echo '{"loss": NaN}'`,
  fails: 'echo begins; echo "data.csv is missing" >&2; exit 1',
  stubborn: `trap '' TERM; echo '{"loss": 5}'; while :; do sleep 0.05; done`,
  escapes: `setsid sh -c "trap '' TERM HUP; exec sleep 1000" > /dev/null & echo '{"loss": 2}'`,
  holds: `setsid sleep 1000 & echo '{"loss": 6}'`,
  floods: `head -c 200000000 /dev/zero | tr '\\0' x | fold -w 4096; echo; echo last words; exit 3`,
  latin: `printf '\\377\\376 caf\\351\\n{"loss": 3}\\n\\200\\n'; exit 2`,
  closes: `echo '{"loss": 4}'; exec >&- 2>&-; sleep 0.1`,
  killed: `echo about to die; kill -9 $$`,
};

/** One trial per program; five seconds of silence are more than all but `stubborn` need. */
const study = `
name: ${name}
objective: { metric: loss, direction: minimize }
space: { program: { type: categorical, choices: [${Object.keys(programs).join(', ')}] } }
sampler: grid
command: ["./{program}"]
engine: { type: local, slots: 4 }
retries: 0
limits: { trial: 60s, silence: 5s, grace: 200ms }
`;

describe('a study of bad programs', () => {
  let folder: string;
  let run: Finished;
  let peakKb = 0;
  const trials = new Map<string, Trial>();

  beforeAll(async () => {
    folder = newFolder('programs');
    for (const [file, script] of Object.entries(programs)) {
      if (script !== undefined) program(join(folder, file), script);
    }
    writeFileSync(join(folder, 'study.yaml'), study);
    const started = startCommand(['run', 'study.yaml', '--keep-going', '--json'], folder);
    const watch = setInterval(() => {
      const { pid } = started.process;
      for (const one of [pid!, ...childrenOf(pid!)]) peakKb = Math.max(peakKb, peakOf(one));
    }, 20);
    run = await started.finished;
    clearInterval(watch);
    for (let number = 0; number < Object.keys(programs).length; number += 1) {
      const trial = await shownTrial(folder, number);
      trials.set(trial.params.program!, trial);
    }
  }, 120_000);
  afterAll(() => closeFolder(folder));

  it('goes on to its end, with the incumbent of the good one and not a word on stderr', () => {
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(resultOf(run)).toMatchObject({
      end: 'exhausted',
      status: {
        incumbent: { value: 1, params: { program: 'good' } },
        trials: { completed: 4, stopped: 1, failed: 7, queued: 0, running: 0 },
      },
    });
  });

  it.each([
    ['missing', 'failed', 'cannot start "./missing": there is no such file', undefined],
    ['silent', 'failed', 'exited with 0 but never reported "loss"', 'no metric from me'],
    ['nan', 'failed', 'reported loss NaN', '{"loss": NaN}'],
    ['fails', 'failed', 'exited with 1', 'data.csv is missing'],
    ['floods', 'failed', 'exited with 3', 'last words'],
    ['latin', 'failed', 'exited with 2', '\uFFFD'],
    ['killed', 'failed', 'was killed by SIGKILL from outside', 'about to die'],
    ['stubborn', 'stopped', 'printed and reported nothing for 5s', '{"loss": 5}'],
  ])('%s: the trial is %s and says why: %s', (name, state, reason, lastLine) => {
    const trial = trials.get(name)!;
    expect(trial).toMatchObject({ state, reason: expect.stringContaining(reason) as string });
    expect(trial.tail?.at(-1)).toBe(lastLine);
  });

  it.each([
    ['escapes', 2],
    ['holds', 6],
    ['closes', 4],
  ])('%s: what it reported counts', (name, value) => {
    expect(trials.get(name)).toMatchObject({ state: 'completed', value });
  });

  it('text that is not UTF-8 harms no line beside it', () => {
    expect(trials.get('latin')!.tail).toEqual(['\uFFFD\uFFFD caf\uFFFD', '{"loss": 3}', '\uFFFD']);
    const [reports] = trials.get('latin')!.events.filter(({ kind }) => kind === 'reports');
    expect(reports).toMatchObject({ items: [{ columns: { metrics: { loss: [3] } } }] });
  });

  it('one that is killed each time is tried once more alone, and not for ever', () => {
    // One that waited behind another trial may have been given back, unbegun.
    const ends = trials
      .get('killed')!
      .events.filter((event) => event.kind === 'attempt-ended' && event.end !== 'preempted');
    expect(ends).toHaveLength(4);
  });

  it('one that ignores SIGTERM is killed after its grace', () => {
    const end = trials.get('stubborn')!.events.find(({ kind }) => kind === 'attempt-ended');
    expect(end).toMatchObject({ end: 'timed-out', exit: { signal: 'SIGKILL' } });
  });

  it('200 MB of output take a bounded log and bounded memory', async () => {
    const { number } = trials.get('floods')!;
    const files = join(folder, '.fleetune', name, String(number));
    const bytes = readdirSync(files).map((file) => statSync(join(files, file)).size);
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(16_000_000);
    expect(peakKb).toBeGreaterThan(10_000);
    expect(peakKb).toBeLessThan(300_000);
    const logs = await runCommand(['trial', 'logs', 'study.yaml', String(number)], folder);
    expect(logs.stdout).toMatch(/^x+\n/);
    expect(logs.stdout).toMatch(/\nlast words\n$/);
  });

  it('leaves no process, not even those that went into a session of their own', async () => {
    await until('no process', () => withEnvironment(`FLEETUNE_STUDY=${name}`).length === 0);
  });

  it('says in plain words what went wrong', async () => {
    const { stdout } = await runCommand(
      ['trial', 'show', 'study.yaml', String(trials.get('fails')!.number)],
      folder,
    );
    expect(stdout).toContain('reason      exited with 1\n');
    expect(stdout).toContain('last output:\n  begins\n  data.csv is missing\n');
  });
});

describe('the scheduler and the limits', () => {
  it('end programs that ignore SIGTERM, after their grace', async () => {
    const folder = newFolder('programs');
    program(
      join(folder, 'train'),
      `trap '' TERM
       case $1 in
         1) for epoch in 1 2 3; do echo "{\\"epoch\\": $epoch, \\"loss\\": 1}"; done; exit ;;
         2) echo '{"epoch": 1, "loss": 2}' ;;
       esac
       while :; do echo busy; sleep 0.1; done`,
    );
    writeFileSync(
      join(folder, 'study.yaml'),
      `
name: ${name}-stubborn
objective: { metric: loss, direction: minimize }
space: { x: { type: ordinal, choices: [1, 2, 3] } }
fidelity: { metric: epoch, max: 3 }
sampler: grid
command: [./train, "{x}"]
limits: { trial: 3s, grace: 200ms }
`,
    );
    const run = await runCommand(['run', 'study.yaml', '--json'], folder);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const [, byScheduler, byLimit] = await Promise.all([0, 1, 2].map((n) => shownTrial(folder, n)));
    expect(byScheduler).toMatchObject({ state: 'stopped', value: 2 });
    expect(byLimit).toMatchObject({ state: 'failed', reason: 'ran longer than 3s' });
    for (const { events } of [byScheduler!, byLimit!]) {
      const end = events.find(({ kind }) => kind === 'attempt-ended');
      expect(end).toMatchObject({ exit: { signal: 'SIGKILL' } });
    }
    await until('no process', () => withEnvironment(`FLEETUNE_STUDY=${name}-s`).length === 0);
    closeFolder(folder);
  });
});

describe('a program that crashes from the start', () => {
  let folder: string;
  beforeEach(() => {
    folder = newFolder('programs');
    program(join(folder, 'train'), 'echo "no module named sklearn" >&2; exit 1');
    writeFileSync(
      join(folder, 'study.yaml'),
      `
objective: { metric: loss, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
command: [./train]
budget: { trials: 5 }
retries: 0
`,
    );
  });
  afterEach(() => closeFolder(folder));

  it('stops the study after three with exit code 4 and its last lines; mended, it goes on', async () => {
    const stopped = await runCommand(['run', 'study.yaml'], folder, { NO_COLOR: '1' });
    expect(stopped).toMatchObject({ code: 4, stderr: '' });
    expect(stopped.stdout).toContain('no module named sklearn');
    expect(stopped.stdout).toContain('--keep-going');
    program(join(folder, 'train'), `echo '{"loss": 1}'`);
    const mended = await runCommand(['run', 'study.yaml', '--json'], folder);
    expect(mended).toMatchObject({ code: 0, stderr: '' });
    expect(resultOf(mended)).toMatchObject({
      end: 'budget-trials',
      status: { trials: { completed: 2, failed: 3 } },
    });
  });

  it('is tried on with --keep-going; without any value the exit code is 1', async () => {
    const run = await runCommand(['run', 'study.yaml', '--keep-going', '--json'], folder);
    expect(run).toMatchObject({ code: 1, stderr: '' });
    expect(resultOf(run)).toMatchObject({
      end: 'budget-trials',
      exitCode: 1,
      status: { trials: { failed: 5 }, lastFailure: { tail: ['no module named sklearn'] } },
    });
  });
});

describe('a set-up that fails', () => {
  it('ends the run with exit code 3 and its last lines; mended, the study begins', async () => {
    const folder = newFolder('programs');
    const file = join(folder, 'study.yaml');
    const study = (setup: string): string => `
objective: { metric: loss, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
setup: [[sh, -c, "${setup}"]]
command: [echo, '{"loss": 1}']
budget: { trials: 1 }
`;
    writeFileSync(file, study('echo building; echo no compiler >&2; exit 5'));
    const failed = await runCommand(['run', 'study.yaml'], folder, { NO_COLOR: '1' });
    expect(failed.code).toBe(3);
    expect(failed.stderr.split('\n')).toEqual([
      'setup[0]: exited with 5',
      '  building',
      '  no compiler',
      expect.stringMatching(/^ {2}\S/),
      '  [setup.failed]',
      '',
    ]);
    writeFileSync(file, study('true'));
    expect(await runCommand(['run', 'study.yaml'], folder)).toMatchObject({ code: 0, stderr: '' });
    closeFolder(folder);
  });
});

async function shownTrial(folder: string, number: number): Promise<Trial> {
  const args = ['trial', 'show', 'study.yaml', String(number), '--json'];
  const { stdout } = await runCommand(args, folder);
  return JSON.parse(stdout) as Trial;
}

/** The last line of `run --json`. */
function resultOf({ stdout }: Finished): Record<string, unknown> {
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, unknown>;
}

function program(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
