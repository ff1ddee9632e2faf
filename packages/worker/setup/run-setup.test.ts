import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runSetup } from './run-setup.ts';

let cwd: string;
let lines: string[];
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'fleetune setup '));
  lines = [];
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const setUp = (setup: string[][], signal?: AbortSignal) =>
  runSetup(setup, {
    cwd,
    stampFolder: join(cwd, '.fleetune'),
    onLine: (line) => lines.push(line),
    ...(signal && { signal }),
  });
const sh = (script: string): string[] => ['sh', '-c', script];
const ran = (): number => readFileSync(join(cwd, 'ran'), 'utf8').length;

test('each step is announced, its lines are shown, and its time', async () => {
  await setUp([sh('echo one; echo two >&2'), sh('printf "10%%\\r20%%\\n"')]);
  expect(lines[0]).toBe("setup 1/2: sh -c 'echo one; echo two >&2'");
  expect(lines).toContain('one');
  expect(lines).toContain('two');
  expect(lines).toContain('20%');
  expect(lines.at(-1)).toMatch(/^setup 2\/2: done in \d+s$/);
});

test('it runs once, and again when a command, a file that it names or what it made has changed', async () => {
  const setup = [['sh', './install.sh', 'requirements.txt', 'made']];
  writeFileSync(join(cwd, 'install.sh'), 'printf x >> ran; touch $2\n');
  writeFileSync(join(cwd, 'requirements.txt'), 'a\n');
  await setUp(setup);
  await setUp(setup);
  expect(ran()).toBe(1);
  writeFileSync(join(cwd, 'requirements.txt'), 'b\n');
  await setUp(setup);
  expect(ran()).toBe(2);
  rmSync(join(cwd, 'made'));
  await setUp(setup);
  expect(ran()).toBe(3);
  await setUp([[...setup[0]!, 'more']]);
  expect(ran()).toBe(4);
});

/** What `python3 -m venv .venv` says on Debian 12 without python3-venv, on standard output. */
const DEBIAN_WITHOUT_VENV = `The virtual environment was not created successfully because ensurepip is not
available.  On Debian/Ubuntu systems, you need to install the python3-venv
package using the following command.

    apt install python3.11-venv

You may need to use sudo with that command.  After installing the python3-venv
package, recreate your virtual environment.

Failing command: /home/me/study/.venv/bin/python3
`;

/** The same of any other Python that lacks the module. */
const PYTHON_WITHOUT_ENSUREPIP =
  "Error: Command '['/home/me/study/.venv/bin/python3', '-m', 'ensurepip', '--upgrade', " +
  "'--default-pip']' returned non-zero exit status 1.";

test.each([
  ['echo broken; exit 3', 'exited with 3', 'Run the command by hand'],
  [`echo "${DEBIAN_WITHOUT_VENV}"; exit 1`, 'ensurepip', 'apt install python3-venv'],
  [`echo "${PYTHON_WITHOUT_ENSUREPIP}"; exit 1`, 'ensurepip', 'apt install python3-venv'],
  ['echo "python3: No module named venv" >&2; exit 1', 'venv', 'apt install python3-venv'],
  ['echo "[Errno -3] Temporary failure in name resolution"; exit 1', 'Temporary', 'HTTPS_PROXY'],
  ['echo "No space left on device"; exit 1', 'No space', 'make room'],
])('a failed step says where, why and what helps: %s', async (script, message, remedy) => {
  const failed = setUp([sh('true'), sh(script)]);
  await expect(failed).rejects.toMatchObject({
    code: 'setup.failed',
    info: {
      place: 'setup[1]',
      message: expect.stringContaining(message),
      remedy: expect.stringContaining(remedy),
    },
  });
});

test('a failed setup is tried again', async () => {
  const setup = [sh('printf x >> ran; test -e ready')];
  await expect(setUp(setup)).rejects.toThrow();
  writeFileSync(join(cwd, 'ready'), '');
  await setUp(setup);
  expect(ran()).toBe(2);
});

test('a program that does not exist is named, and where it may come from', async () => {
  await expect(setUp([['no-such-program']])).rejects.toMatchObject({
    info: {
      message: expect.stringContaining('cannot start "no-such-program"'),
      remedy: expect.stringContaining('apt install python3'),
    },
  });
});

test('it can be interrupted', async () => {
  const controller = new AbortController();
  const interrupted = new Error('interrupted');
  const setting = runSetup([sh('echo begun; sleep 600')], {
    cwd,
    stampFolder: cwd,
    onLine: (line) => line === 'begun' && controller.abort(interrupted),
    signal: controller.signal,
  });
  await expect(setting).rejects.toBe(interrupted);
});

test('a step is over when its program has ended, whatever it left running', async () => {
  await setUp([sh('sleep 20 & echo $! > left; echo done')]);
  expect(lines).toContain('done');
  // Still there: the step was not waited for by way of its output.
  process.kill(Number(readFileSync(join(cwd, 'left'), 'utf8')), 'SIGKILL');
});
