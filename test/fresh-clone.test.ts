// What a new user does: clones, and runs the README's first command, completely. Node.js and npm's packages, Python's
// virtual environment and scikit-learn are really fetched, into a path with spaces and an empty home.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, homedir, loadavg, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest';
import { fences } from '../scripts/docs/fences.ts';
import { excerpt, sameOutput } from '../scripts/docs/match-output.ts';

/** On two cores, with all that has to be fetched: what the README promises. */
const MOST_SECONDS = 180;

const source = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'fleetune test '));
const clone = join(folder, 'fresh clone');
const home = join(folder, 'home');
const env = userEnvironment();

beforeAll(() => {
  mkdirSync(home);
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', source, clone]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('one command in a fresh clone prepares everything, tunes the example and says how to train the best again', (context) => {
  const readme = readFileSync(join(clone, 'README.md'), 'utf8');
  const [command = ''] = /^\.\/fleetune run .*$/m.exec(readme) ?? [];

  const start = performance.now();
  const first = shell(command, context);
  const seconds = (performance.now() - start) / 1000;
  console.log(`${command}: ${Math.round(seconds)} s with all set-up`);
  expect(first.stderr).toMatch(/installing \d+ packages[^]*done: \d+ MB in \d+ s/);
  expect(first.status, first.stderr + first.stdout).toBe(0);
  expect(isCrowded() || seconds <= MOST_SECONDS, `${seconds} s of ${MOST_SECONDS}`).toBe(true);
  expectAsPrinted(readme, first.stdout);
  const trained = /^Incumbent +val_accuracy ([\d.]+) at epoch (\d+), trial \d+$/m.exec(
    first.stdout,
  );
  const defaults = /^Defaults +val_accuracy ([\d.]+) at epoch \d+, trial 0/m.exec(first.stdout);
  expect(first.stdout).toMatch(/^digits-mlp ended: the budget of 30 trials/m);
  expect(first.stdout).toMatch(/^Spent .*stopping saved \d+/m);
  expect(first.stdout).toMatch(/^Utilization +[\d.]+ % of 2 slots busy/m);
  expect(Number(trained?.[1])).toBeGreaterThan(Number(defaults?.[1]));

  const [, again = ''] = /^Train the incumbent again:\n +(.*)$/m.exec(first.stdout) ?? [];
  const lines = shell(again, context).stdout.trimEnd().split('\n');
  const reports = lines.map((line) => JSON.parse(line) as { epoch: number; val_accuracy: number });
  const report = reports.find(({ epoch }) => epoch === Number(trained?.[2]));
  expect(report?.val_accuracy).toBeCloseTo(Number(trained?.[1]), 4);

  // A finished study shows its result again and runs nothing.
  const second = shell(command, context);
  expect(second.status).toBe(0);
  expect(second.stdout).toContain(again);
  expect(second.stdout).not.toMatch(/^trial \d/m);

  expect(shell('./dev', context).stdout).toContain('./dev test');
  expect(shell('./dev bench --list', context).stdout).toContain('first-trial');
  expect(shell('./dev check lengths', context)).toMatchObject({ status: 0, stderr: '' });

  expect(shell('git status --porcelain', context).stdout).toBe('');
}, 600_000);

/** Others have more of the machine than this run, whose time then says nothing. */
function isCrowded(): boolean {
  const crowded = loadavg()[0]! > 2 * availableParallelism();
  if (crowded) console.log(`its time is not judged: a load of ${loadavg()[0]} on this machine`);
  return crowded;
}

/** Whoever reads the README sees what this run left in the terminal. */
function expectAsPrinted(readme: string, stdout: string): void {
  const outputs = fences(readme).flatMap(({ text, marker }) =>
    marker.kind === 'output' ? [{ text, ...marker }] : [],
  );
  expect(outputs).toHaveLength(1);
  const [{ text, from, to, match }] = outputs as [(typeof outputs)[0]];
  const real = excerpt(stdout, from, to);
  expect(real, stdout).toBeDefined();
  expect(
    sameOutput(text, real!, match),
    `node scripts/docs/main.ts --update README.md:\n${real}`,
  ).toBe(true);
}

function shell(command: string, context: TestContext) {
  const result = spawnSync('sh', ['-c', command], { cwd: clone, encoding: 'utf8', env });
  const offline = /no network|NewConnectionError|ConnectTimeoutError/.test(
    result.stderr + result.stdout,
  );
  if (offline && !process.env['CI']) context.skip('no network');
  return result;
}

/** The machine's settings (proxies, registries), but nothing of ours or of the developer who runs this. */
function userEnvironment(): NodeJS.ProcessEnv {
  const own = /^(NODE_(?!EXTRA_CA_CERTS)|VITEST|FLEETUNE_|XDG_|CI$)/;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  // ./dev has put this checkout's own Node.js into PATH; a clone has to find or fetch one.
  const path = process.env['PATH']?.split(delimiter).filter((part) => !part.startsWith(source));
  // What this machine has loaded before need not be loaded again.
  const caches = { npm_config_cache: '.npm', PIP_CACHE_DIR: '.cache/pip' };
  const found = Object.entries(caches)
    .map(([name, place]) => [name, join(homedir(), place)] as const)
    .filter(([, place]) => existsSync(place));
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(found),
    PATH: path?.join(delimiter),
    HOME: home,
  };
}
