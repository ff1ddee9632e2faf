import { describe, expect, test } from 'vitest';
import { pages } from './program.ts';
import { runCommand } from './testing/run-command.ts';

describe('help', () => {
  test.each(pages.map(({ name }) => name))('of %s is a page with an example', async (name) => {
    const { exitCode, out, err } = await runCommand([...name.split(' '), '--help']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toContain(`Usage: fleetune ${name}`);
    expect(out).toMatch(/Examples?:\n {2}fleetune/);
    expect(out).toContain('Exit codes:');
    // A page is for terminals of 80 columns; examples are for copying.
    const lines = out.split('\n').filter((line) => !line.endsWith('\\'));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('without a command lists every command', async () => {
    const { exitCode, out } = await runCommand([]);
    expect(exitCode).toBe(0);
    for (const { name } of pages) expect(out).toContain(`  ${name} `);
    expect((await runCommand(['--help'])).out).toBe(out);
  });

  test('of a group lists its commands', async () => {
    for (const argv of [['trial'], ['trial', '--help'], ['help', 'trial']]) {
      const { exitCode, out } = await runCommand(argv);
      expect(exitCode).toBe(0);
      expect(out).toContain('trial enqueue');
      expect(out).not.toContain('study list');
    }
  });

  test('--version prints the version', async () => {
    expect(await runCommand(['--version'])).toEqual({ exitCode: 0, out: '1.2.3\n', err: '' });
  });
});

describe('wrong arguments exit with 2, and say what was meant', () => {
  test.each([
    [['runn'], 'did you mean "run"?'],
    [['studdy', 'list'], 'did you mean "study"?'],
    [['study', 'lst'], 'did you mean "study list"?'],
    [['run', '--slot', '2'], 'there is no option --slot; did you mean --slots?'],
    [['study', 'list', '--jsn'], 'did you mean --json?'],
    [['run', 'x.yaml', '--slots'], 'argument missing'],
    [
      ['run', 'x.yaml', '--slots', '0'],
      '--slots: must be a whole number of at least 1 and at most 10000, got "0"',
    ],
    [['run', 'x.yaml', '--trials', 'ten'], '--trials: must be a whole number'],
    [['run', 'x.yaml', '--time', '3 parsecs'], '--time: must be a duration'],
    [['run', 'x.yaml', '--time', '0s'], '--time: must be a duration'],
    [['run', 'x.yaml', '--seed', '-1'], '--seed: must be a whole number'],
    [['run', 'x.yaml'], 'x.yaml: there is no such file'],
    [['run'], 'name a study file, or at least one --param'],
    [['run', '--param', 'x=0..1'], '--maximize METRIC'],
    [['run', '--param', 'x=0..1', '--maximize', 'a'], 'needs its command after "--"'],
    [['run', '--param', 'x=1..0', '--maximize', 'a', '--', 'true'], '1 is not below 0'],
    [
      ['run', '--param', 'x=0..1', '--minimize', 'a', '--', 'true', '{y}'],
      'there is no parameter "y"',
    ],
    [['check'], 'STUDY is missing'],
    [['check', 'a', 'b'], '"b" is one operand too many'],
    [['trial', 'show', 'a'], 'TRIAL is missing'],
    [['trial', 'enqueue', 'a'], 'PARAM... is missing'],
    [['check', 'a', '--', 'b'], 'takes nothing after "--"'],
    [['trial', 'list', 'a', '--state', 'running!'], '--state: must be one of queued, running'],
    [['worker', '--slots', '2'], 'say where the coordinator answers: --url http://HOST:7077'],
    [['worker', '--url', 'ftp://x'], '--url: must be an address such as http://host:7077'],
    [['worker', '--url', 'http://u:p@x'], '--url: must be an address such as'],
    [['worker', '--url', 'http://x'], 'http://x: there is no token to show it'],
    [['worker', '--url', 'http://x', '--token-file', 'nowhere'], '--token-file: cannot be read'],
    [['worker', 'list', '--ur', 'x'], 'there is no option --ur\n'],
    [['worker', 'drain'], 'WORKER is missing'],
    [['submit', 'x.yaml'], 'say where the coordinator answers: --on http://HOST:7077'],
    [['study', 'list', '--on', 'http://x', '--db', 'y'], '--on and --db exclude each other'],
    [['study', 'edit', 'a'], 'a: there is no such file'],
    [['trial', 'correct', 'a', '1', 'x'], 'VALUE: must be a number, got "x"'],
    [
      ['serve', '--port', '70000'],
      '--port: must be a whole number of at least 0 and at most 65535',
    ],
    [['utilization', 'a', '--study', 'a'], 'STUDY and --study exclude each other'],
    [['serve', '--tls-cert', 'x'], '--tls-cert and --tls-key belong together'],
    [['study', 'export', 'a', '--format', 'xml'], '--format: must be one of csv, json'],
  ])('%j', async (argv, message) => {
    const { exitCode, out, err } = await runCommand(argv);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toMatch(/\n {2}\[[\w.-]+\]\n$/);
  });

  test('with --json as one object', async () => {
    const { exitCode, err } = await runCommand(['run', 'x.yaml', '--json']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(err)).toMatchObject({
      kind: 'error',
      errors: [{ code: 'study-file.not-found', place: 'x.yaml' }],
    });
  });
});
