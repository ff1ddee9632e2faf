import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Assignment, Ended } from '@fleetune/protocol';
import { realWorker, type RealWorker } from '../testing/real-worker.ts';
import { isAlive, waitFor } from '../testing/wait-for.ts';

let real: RealWorker;
beforeEach(async () => {
  real = await realWorker();
});
afterEach(() => real.close());

const sh = (script: string) => ({ command: ['sh', '-c', script] });
const py = (script: string) => ({ command: ['python3', '-c', script] });

describe('a program that cannot be started crashes with the remedy', () => {
  test.each([
    ['no-such-program', 'cannot start "no-such-program": there is no such program in PATH'],
    ['./no-such-file', 'cannot start "./no-such-file": there is no such file, seen from'],
    ['./data.txt', 'cannot start "./data.txt": it may not be executed; run chmod +x'],
  ])('%s', async (file, why) => {
    writeFileSync(join(real.folder, 'data.txt'), 'data');
    const ended = await real.end({ command: [file] });
    expect(ended).toMatchObject({ end: 'crashed', why: expect.stringContaining(why) });
  });

  test('a folder that does not exist', async () => {
    const ended = await real.end({ ...sh('true'), cwd: '/no/such/folder' });
    expect(ended).toMatchObject({ end: 'crashed', why: expect.stringContaining('no such folder') });
  });

  test('a secret that is missing', async () => {
    const env = { KEY: { from: 'env' as const, name: 'NO_SUCH_SECRET' } };
    const ended = await real.end({ ...sh('true'), env });
    expect(ended.why).toBe("env.KEY: the worker's environment has no variable NO_SUCH_SECRET");
  });
});

describe('the end of a program is told apart', () => {
  test('exit 0 without the metric is a failure that says what was looked for', async () => {
    const ended = await real.end(sh('echo almost there'));
    expect(ended).toMatchObject({ end: 'invalid-metric', exit: { code: 0 } });
    expect(ended.why).toContain('never reported "acc": looked for lines on stdout');
    expect(ended.tail).toEqual(['almost there']);
  });

  test('a metric that is no number is named', async () => {
    const ended = await real.end(sh(`echo '{"acc": "0.9%"}'`));
    expect(ended.why).toContain('its last value was no number: "0.9%"');
  });

  test('only NaN is no result, but it is reported', async () => {
    const ended = await real.end(sh(`echo '{"acc": NaN}'; echo '{"acc": -Infinity}'`));
    expect(ended.end).toBe('invalid-metric');
    expect(ended.why).toContain('reported "acc" 2 times, but never as a finite number');
    const rows = real.coordinator.rows.get('1.1')!;
    expect(rows.map((row) => row.metrics['acc'])).toEqual(['NaN', '-Infinity']);
  });

  test('exit 1 crashes with the last lines of both streams', async () => {
    const ended = await real.end(sh('echo one; echo two >&2; exit 1'));
    expect(ended).toMatchObject({ end: 'crashed', why: 'exited with 1', exit: { code: 1 } });
    expect(new Set(ended.tail)).toEqual(new Set(['one', 'two']));
  });

  test('a MemoryError is out of memory', async () => {
    const ended = await real.end(py('raise MemoryError()'));
    expect(ended).toMatchObject({ end: 'out-of-memory', exit: { code: 1 } });
    expect(ended.why).toContain('MemoryError');
  });

  test('a SIGKILL from outside without evidence is lost', async () => {
    const ended = await real.end(sh('kill -9 $$'));
    expect(ended).toMatchObject({ end: 'lost', exit: { signal: 'SIGKILL' } });
  });

  test('another signal is a crash that names it', async () => {
    const ended = await real.end(sh('kill -SEGV $$'));
    expect(ended).toMatchObject({ end: 'crashed', why: 'was killed by SIGSEGV' });
  });
});

describe('limits', () => {
  const limits = { graceMs: 50, trialMs: 300 };

  test('a trial that runs too long is ended, even when it ignores SIGTERM', async () => {
    const ended = await real.end({ ...sh('trap "" TERM; while :; do sleep 1; done'), limits });
    expect(ended).toMatchObject({ end: 'timed-out', why: 'ran longer than 300ms' });
  });

  test('a silent trial is ended', async () => {
    const ended = await real.end({ ...sh('sleep 600'), limits: { graceMs: 50, silenceMs: 100 } });
    expect(ended.why).toBe('printed and reported nothing for 100ms');
  });
});

describe('stopping', () => {
  const stop = { command: 'stop', study: 's', trial: 1, attempt: 1, reason: 'worse' } as const;

  async function startThenStop(script: string, graceMs: number) {
    const trial = real.trial({ ...sh(script), limits: { graceMs } });
    real.coordinator.offer(trial);
    await real.coordinator.until(() => real.coordinator.rows.has('1.1'));
    real.coordinator.send(stop);
    await real.coordinator.finished();
    return real.coordinator.ended[0]!;
  }

  test('SIGTERM comes first, with time to save', async () => {
    const ended = await startThenStop(
      `trap 'echo saved > saved; exit 0' TERM; echo '{"acc": 1}'; while :; do sleep 0.01; done`,
      20_000,
    );
    expect(ended).toMatchObject({ end: 'stopped', why: 'worse', exit: { code: 0 } });
    expect(existsSync(join(real.folder, 'saved'))).toBe(true);
  });

  test('a program that ignores SIGTERM is killed after its grace, children included', async () => {
    const ended = await startThenStop(
      `trap '' TERM; (echo $$ > /dev/null; exec sleep 600) & echo $! > child; echo '{"acc": 1}'; wait; wait`,
      50,
    );
    expect(ended).toMatchObject({ end: 'stopped', exit: { signal: 'SIGKILL' } });
    const child = Number(readFileSync(join(real.folder, 'child'), 'utf8'));
    await waitFor(() => !isAlive(child));
  });

  test('a program with a client is told by the answer to its report', async () => {
    await real.close();
    real = await realWorker({ onRow: (_, step) => (step === 3 ? stop : undefined) });
    const ended = await real.end({
      ...py(
        'import fleetune, signal\n' +
          'signal.signal(signal.SIGTERM, signal.SIG_IGN)\n' +
          'for e in range(1, 1000):\n' +
          '  if fleetune.report(e, acc=e): break\n' +
          'open("last", "w").write(str(e))',
      ),
      limits: { graceMs: 20_000 },
      fidelity: 'epoch',
    });
    expect(ended).toMatchObject({ end: 'stopped', why: 'worse', exit: { code: 0 } });
    expect(readFileSync(join(real.folder, 'last'), 'utf8')).toBe('3');
  });
});

describe('hostile output', () => {
  test('200 MB on stdout cost bounded memory, and the last line still counts', async () => {
    const before = process.memoryUsage().rss;
    const ended = await real.end(
      sh(
        `yes 'a line of some length, to fill the pipe' | head -c 200000000; echo; echo '{"acc": 1}'`,
      ),
    );
    expect(ended.end).toBe('completed');
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(150);
    const log = join(real.folder, 'files', '1', 'attempt-1.latest.log');
    // The log is written while the next trial runs already.
    await waitFor(() => existsSync(log) && readFileSync(log, 'utf8').endsWith('{"acc": 1}\n'));
  });

  test('100 MB without a newline are passed over', async () => {
    const ended = await real.end(sh(`head -c 100000000 /dev/zero; echo; echo '{"acc": 1}'`));
    expect(ended.end).toBe('completed');
  });

  test('invalid UTF-8 is replaced', async () => {
    const ended = await real.end(sh(`printf 'caf\\351\\n\\377{\\n'; exit 1`));
    expect(ended.tail).toEqual(['caf\ufffd', '\ufffd{']);
  });

  test('a program may close its stdout and go on', async () => {
    const ended = await real.end(sh(`echo '{"acc": 1}'; exec >&- 2>&-; sleep 0.01; exit 0`));
    expect(ended.end).toBe('completed');
  });

  test('a metric line without a newline at the end counts', async () => {
    await real.end(sh(`printf '{"acc": 1}'`));
    expect(real.coordinator.rows.get('1.1')).toHaveLength(1);
  });

  test('every report arrives, in order, however many there are', async () => {
    const count = 30_000;
    await real.end({
      ...py(`for i in range(${count}): print('{"acc": %d, "epoch": %d}' % (i, i + 1))`),
      fidelity: 'epoch',
    });
    const rows = real.coordinator.rows.get('1.1')!;
    expect(rows).toHaveLength(count);
    expect(rows.every(({ step, metrics }, i) => step === i + 1 && metrics['acc'] === i)).toBe(true);
  });
});

describe('processes that escape', () => {
  const escapee = (rest: string) =>
    py(
      'import os, time\n' +
        'read, write = os.pipe()\n' +
        'if os.fork() == 0:\n' +
        '  os.setsid()\n' +
        '  os.write(write, b"x")\n' +
        `  ${rest}\n` +
        '  time.sleep(600)\n' +
        'os.read(read, 1)\n' +
        'print(\'{"acc": 1}\', flush=True)',
    );
  const pidFile = () => join(real.folder, 'pid');
  const writePid = 'open("pid.new", "w").write(str(os.getpid())); os.rename("pid.new", "pid")';

  test('a grandchild that keeps the pipes open does not hold up the end of its trial', async () => {
    const ended = await real.end(escapee(writePid));
    expect(ended.end).toBe('completed');
    await waitFor(() => existsSync(pidFile()));
    const pid = Number(readFileSync(pidFile(), 'utf8'));
    await waitFor(() => !isAlive(pid));
  });
});

describe('what the program gets', () => {
  test('parameters as arguments, as JSON and as a file; secrets from files', async () => {
    writeFileSync(join(real.folder, 'secret'), 'hush\n');
    await real.end(
      {
        command: [
          'python3',
          '-c',
          'import json, os, sys\n' +
            'own = {k: v for k, v in os.environ.items() if k.startswith("FLEETUNE_")}\n' +
            'own["file"] = json.load(open(own["FLEETUNE_PARAMS_FILE"]))\n' +
            'own["argv"] = sys.argv[1:]\n' +
            'own["KEY"] = os.environ["KEY"]\n' +
            'json.dump(own, open("seen", "w"))',
          '--lr={lr}',
          ['--momentum', '{momentum}'],
        ],
        env: { KEY: { from: 'file', name: 'secret' } },
      },
      { lr: 1e-7, act: "it's" },
    );
    const seen = JSON.parse(readFileSync(join(real.folder, 'seen'), 'utf8'));
    expect(seen).toMatchObject({
      argv: ['--lr=1e-7'],
      KEY: 'hush',
      file: { lr: 1e-7, act: "it's" },
      FLEETUNE_STUDY: 's',
      FLEETUNE_TRIAL: '1',
      FLEETUNE_ATTEMPT: '1',
      FLEETUNE_CHECKPOINT_DIR: join(real.folder, 'files', '1', 'checkpoint'),
    });
    expect(JSON.parse(seen['FLEETUNE_PARAMS'])).toEqual({ lr: 1e-7, act: "it's" });
  });

  test('a command that is one string goes through a shell, values quoted', async () => {
    await real.end(
      { command: 'printf %s {act} > out && printf "{\\"acc\\": 1}"' },
      { act: "a' b" },
    );
    expect(readFileSync(join(real.folder, 'out'), 'utf8')).toBe("a' b");
  });

  test('a script without the execute bit says so', async () => {
    const script = join(real.folder, 'train.sh');
    writeFileSync(script, '#!/bin/sh\n');
    chmodSync(script, 0o644);
    expect((await real.end({ command: [script] })).why).toContain('chmod +x');
  });
});

const spawnerScript = join(import.meta.dirname, '../testing/spawner.ts');

describe.each([
  ['in the worker', undefined],
  ['by a spawner', [process.execPath, spawnerScript] as const],
])('a program that is made ready %s behind another one', (_, spawner) => {
  async function behind(program: Partial<Assignment['program']>): Promise<Ended> {
    await real.close();
    real = await realWorker({ reserves: true, ...(spawner && { spawner }) });
    await real.end(sh(`echo '{"acc": 1}'`));
    const first = real.trial(sh(`echo '{"acc": 1}'; until [ -e go ]; do sleep 0.01; done`));
    const second = real.trial(program, { lr: 1 });
    real.coordinator.offer(first, second);
    // Its folder is made when it is made ready.
    await waitFor(() => existsSync(join(real.folder, 'files', '3', 'params.json')));
    expect(existsSync(join(real.folder, 'begun'))).toBe(false);
    writeFileSync(join(real.folder, 'go'), '');
    await real.coordinator.finished();
    return real.coordinator.ended.find(({ trial }) => trial === 3)!;
  }

  test('does not begin before, and gets the same as any other', async () => {
    const ended = await behind(
      py(
        'import os, sys\n' +
          'open("begun", "w")\n' +
          'assert sys.stdin.read() == "" and os.getpgid(0) == os.getpid()\n' +
          'assert os.environ["FLEETUNE_TRIAL"] == "3" and os.getcwd() == os.path.realpath(os.environ["PWD"])\n' +
          'print(\'{"acc": 1}\')',
      ),
    );
    expect(ended).toMatchObject({ end: 'completed', exit: { code: 0 } });
    expect(ended.exitedUs).toBeGreaterThan(ended.spawnedUs);
  });

  test('that cannot be started says why, as any other', async () => {
    const ended = await behind({ command: ['no-such-program'] });
    expect(ended.why).toContain('there is no such program in PATH');
  });

  test('whose time is limited has all of it from its begin', async () => {
    const ended = await behind({ ...sh('sleep 600'), limits: { graceMs: 50, trialMs: 100 } });
    expect(ended).toMatchObject({ end: 'timed-out' });
    expect(ended.exitedUs - ended.spawnedUs).toBeGreaterThanOrEqual(99_000);
  });
});

describe('a program that is asked for a checkpoint', () => {
  const request = (): string => join(real.folder, 'files', '1', 'checkpoint.request');
  const ask = (trial: Omit<Assignment, 'slot'>): void => {
    const { study, attempt } = trial;
    real.coordinator.send({ command: 'checkpoint', study, trial: 1, attempt, reason: 'the test' });
  };

  test('finds the file, with the reason, as often as it is asked, and goes on', async () => {
    const look = 'until [ -e "$FLEETUNE_CHECKPOINT_REQUEST" ]; do sleep 0.01; done';
    const take = 'cat "$FLEETUNE_CHECKPOINT_REQUEST" >> heard; rm "$FLEETUNE_CHECKPOINT_REQUEST"';
    const trial = real.trial(
      sh(`touch up; ${look}; ${take}; touch once; ${look}; ${take}; echo '{"acc": 1}'`),
    );
    real.coordinator.offer(trial);
    await waitFor(() => existsSync(join(real.folder, 'up')));
    ask(trial);
    await waitFor(() => existsSync(join(real.folder, 'once')));
    ask(trial);
    await real.coordinator.finished();
    expect(real.coordinator.ended).toMatchObject([{ end: 'completed' }]);
    expect(readFileSync(join(real.folder, 'heard'), 'utf8')).toBe('the test\nthe test\n');
  });

  test('and does not look, is not disturbed, and leaves no request behind', async () => {
    const trial = real.trial(sh(`until [ -e go ]; do sleep 0.01; done; echo '{"acc": 1}'`));
    real.coordinator.offer(trial);
    await waitFor(() => existsSync(join(real.folder, 'files', '1', 'params.json')));
    ask(trial);
    await waitFor(() => existsSync(request()));
    writeFileSync(join(real.folder, 'go'), '');
    await real.coordinator.finished();
    expect(real.coordinator.ended).toMatchObject([{ end: 'completed' }]);
    expect(existsSync(request())).toBe(false);
  });
});

test('when its spawner is killed an attempt is lost, and its slot goes on', async () => {
  await real.close();
  const pidFile = join(mkdtempSync(join(tmpdir(), 'fleetune-spawner-')), 'pid');
  real = await realWorker({ spawner: [process.execPath, spawnerScript, pidFile] });
  const first = real.end(sh(`echo '{"acc": 1}'; echo $$ > pid.new; mv pid.new pid; sleep 600`));
  await waitFor(() => existsSync(join(real.folder, 'pid')));
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  expect(await first).toMatchObject({ end: 'lost', why: expect.stringContaining('not known') });
  const program = Number(readFileSync(join(real.folder, 'pid'), 'utf8'));
  await waitFor(() => !isAlive(program));
  expect(await real.end(sh(`echo '{"acc": 1}'`))).toMatchObject({ end: 'completed' });
  rmSync(dirname(pidFile), { recursive: true });
});
