// What a new user does: clone, and run the first command. With a real npm and an empty home.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const source = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'fleetune test '));
const clone = join(folder, 'fresh clone');
const home = join(folder, 'home');

beforeAll(() => {
  mkdirSync(home);
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', source, clone]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('the first command of a fresh clone prepares everything and leaves the clone clean', (context) => {
  const cache = join(homedir(), '.npm');
  const { status, stdout, stderr } = spawnSync(join(clone, 'fleetune'), ['--version'], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      HOME: home,
      // ./dev has put this checkout's own Node.js there; a clone has to find or fetch one.
      PATH: process.env['PATH']?.replace(`${join(source, '.tools')}:`, ''),
      // What this machine has loaded before need not be loaded again.
      ...(existsSync(cache) && { npm_config_cache: cache }),
    },
  });
  if (stderr.includes('no network') && !process.env['CI']) context.skip('no network');
  const manifest = readFileSync(join(clone, 'packages/fleetune/package.json'), 'utf8');
  expect(stderr).toMatch(/done: \d+ MB in \d+ s/);
  expect(stdout.trim()).toBe((JSON.parse(manifest) as { version: string }).version);
  expect(status).toBe(0);

  const dirty = execFileSync('git', ['status', '--porcelain'], { cwd: clone, encoding: 'utf8' });
  expect(dirty).toBe('');
  expect(existsSync(join(folder, 'fleetune.db'))).toBe(false);
}, 180_000);
