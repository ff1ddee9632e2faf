// The published package: packed, installed in an empty folder, used as a command and as a library.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'fleetune test '));
const installed = join(folder, 'node_modules/fleetune');

const env = {
  ...process.env,
  PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
};

function run(cwd: string, program: string, ...args: string[]): string {
  return execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: 'pipe' });
}

function fleetune(...args: string[]): string {
  return run(folder, join(folder, 'node_modules/.bin/fleetune'), ...args);
}

beforeAll(() => {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  run(join(root, 'packages/fleetune'), 'npm', 'pack', '--pack-destination', folder, ...quiet);
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  run(folder, 'npm', 'install', '--offline', `./${tarball}`, ...quiet);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the installed package', () => {
  it('brings no other package, and the licences of what is inside', () => {
    const packages = readdirSync(join(folder, 'node_modules')).filter((name) => name[0] !== '.');
    expect(packages).toEqual(['fleetune']);
    const notices = readFileSync(join(installed, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
    expect(notices).toMatch(/^commander \d/m);
    expect(notices).toMatch(/^fastify \d/m);
    expect(readFileSync(join(installed, 'LICENSE'), 'utf8')).toContain('Apache License');
  });

  it('names no private package in its code or declarations', () => {
    const files = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' });
    const code = files.filter((name) => /\.(js|ts)$/.test(name));
    expect(code.length).toBeGreaterThan(5);
    for (const name of code) {
      const text = readFileSync(join(installed, 'dist', name), 'utf8');
      expect.soft(text, name).not.toMatch(/(from|import) *\(?['"]@fleetune\//);
    }
  });

  it('has the command', () => {
    expect(fleetune('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(fleetune('--help')).toContain('fleetune');
  });

  it('has types that a strict project of today understands', () => {
    writeFileSync(
      join(folder, 'consumer.mts'),
      `import * as fleetune from 'fleetune';
      // @ts-expect-error: an export that does not exist
      fleetune.noSuchExport;
      console.log(Object.keys(fleetune).length);`,
    );
    const tsc = join(root, 'node_modules/typescript-native/bin/tsc');
    const options = ['--module', 'nodenext', '--strict', '--noEmit', '--types', ''];
    run(folder, process.execPath, tsc, ...options, '--target', 'es2023', 'consumer.mts');
  });

  it('has the library', () => {
    const exported = run(
      folder,
      process.execPath,
      '--input-type=module',
      '--eval',
      `console.log(Object.keys(await import('fleetune')).join(' '))`,
    );
    expect(exported.split(/\s/)).toContain('tune');
  });
});
