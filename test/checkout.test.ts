// ./fleetune and ./dev in a made-up checkout: the real scripts, with an npm and a build that only write down their calls.

import { execFile, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const source = join(import.meta.dirname, '..');
let home: string;
let checkout: string;
let bin: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fleetune test '));
  checkout = join(home, 'a checkout');
  bin = join(home, 'bin');
  for (const path of ['fleetune', 'dev', 'scripts/prepare.sh', 'packages/fleetune/bin']) {
    cpSync(join(source, path), join(checkout, path), { recursive: true });
  }
  for (const path of ['python', 'scripts/build', 'packages/core']) {
    mkdirSync(join(checkout, path), { recursive: true });
  }
  write('package-lock.json', '{"version":1}');
  write('packages/fleetune/package.json', '{"type":"module"}');
  write('packages/core/a.ts', '');
  write('scripts/package.json', '{"type":"module"}');
  write('scripts/dev.ts', `console.log('dev', ...process.argv.slice(2))`);
  write(
    'scripts/build/main.ts',
    `import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
    appendFileSync('${home}/calls', 'build\\n');
    mkdirSync('${checkout}/packages/fleetune/dist', { recursive: true });
    writeFileSync('${checkout}/packages/fleetune/dist/cli.js',
      'import { writeFileSync } from "node:fs";' +
      'writeFileSync("${home}/invoked", process.env.FLEETUNE_INVOKED_AS);' +
      'console.log(JSON.stringify([process.cwd(), ...process.argv.slice(2)]))');`,
  );
  program(
    'npm',
    `echo "npm $1 $npm_config_cache" >> '${home}/calls'
    [ "$1" = config ] && exit
    [ "$1" = install ] && mkdir -p node_modules/.bin && ln -s '${process.execPath}' node_modules/.bin/node
    mkdir -p node_modules && echo > node_modules/.package-lock.json`,
  );
  symlinkSync(process.execPath, join(bin, 'node'));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(checkout, path)), { recursive: true });
  writeFileSync(join(checkout, path), text);
}

function program(name: string, text: string): void {
  mkdirSync(bin, { recursive: true });
  rmSync(join(bin, name), { force: true });
  writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(bin, name), 0o755);
}

function call(name: string, args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  return spawnSync(join(checkout, name), args, {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: `${bin}:/usr/bin:/bin`, HOME: home, ...env },
  });
}

/** What npm and the build were called for so far. */
function calls(): string[] {
  const text = existsSync(join(home, 'calls')) ? readFileSync(join(home, 'calls'), 'utf8') : '';
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('npm config'));
}

describe('./fleetune', () => {
  it('prepares once, and runs in the folder of its caller with its arguments', () => {
    const first = call('fleetune', ['run', 'a b']);
    expect(JSON.parse(first.stdout)).toEqual([home, 'run', 'a b']);
    expect(first.stderr).toContain('installing');
    expect(calls().map((line) => line.trim())).toEqual(['npm ci', 'build']);

    const second = call('fleetune', ['--version']);
    expect(second.stderr).toBe('');
    expect(calls()).toHaveLength(2);
    // For the commands that it prints.
    expect(readFileSync(join(home, 'invoked'), 'utf8')).toBe(join(checkout, 'fleetune'));
  });

  it('builds again after a source, but not after a test, has changed', () => {
    call('fleetune');
    const later = new Date(Date.now() + 60_000);
    write('packages/core/a.test.ts', '');
    utimesSync(join(checkout, 'packages/core/a.test.ts'), later, later);
    call('fleetune');
    expect(calls().filter((line) => line === 'build')).toHaveLength(1);
    utimesSync(join(checkout, 'packages/core/a.ts'), later, later);
    call('fleetune');
    expect(calls().filter((line) => line === 'build')).toHaveLength(2);
  });

  it('installs again after the lock file has changed', () => {
    call('fleetune');
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(checkout, 'package-lock.json'), later, later);
    call('fleetune');
    expect(calls().filter((line) => line.startsWith('npm ci'))).toHaveLength(2);
  });

  it('prepares once when it is started twice at the same time', async () => {
    const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: home };
    const start = () => promisify(execFile)(join(checkout, 'fleetune'), [], { cwd: home, env });
    await Promise.all([start(), start(), start()]);
    expect(calls().map((line) => line.trim())).toEqual(['npm ci', 'build']);
  });

  it('takes over from a preparation that was killed', () => {
    const { pid } = spawnSync('/bin/true');
    write('.tools/lock/pid', String(pid));
    expect(call('fleetune').status).toBe(0);
    expect(existsSync(join(checkout, '.tools/lock'))).toBe(false);
  });

  it('works through a symbolic link', () => {
    symlinkSync(join(checkout, 'fleetune'), join(bin, 'fleetune'));
    const { stdout } = spawnSync('fleetune', ['x'], {
      cwd: home,
      encoding: 'utf8',
      env: { PATH: `${bin}:/usr/bin:/bin`, HOME: home },
    });
    expect(JSON.parse(stdout)).toEqual([home, 'x']);
  });

  it('keeps the cache of npm in .tools when there is no home to write to', () => {
    const cache = `npm ci ${checkout}/.tools/cache`;
    call('fleetune', [], { HOME: undefined });
    expect(calls()[0]).toBe(cache);
    rmSync(join(checkout, 'node_modules'), { recursive: true });
    writeFileSync(join(home, 'file'), '');
    call('dev', [], { HOME: join(home, 'file') });
    expect(calls().at(-1)).toBe(cache);
  });

  it('fetches Node.js when the one in PATH is too old', () => {
    program('node', `[ "$1" = --version ] && echo v18.20.0`);
    const { stderr, status } = call('fleetune');
    expect(stderr).toContain('Node.js v18.20.0 is outside');
    expect(status).toBe(0);
    expect(calls().map((line) => line.trim())).toEqual(['npm install', 'npm ci', 'build']);
  });

  it('says what is missing when there is no Node.js at all', () => {
    for (const name of ['npm', 'node']) rmSync(join(bin, name));
    for (const name of ['uname', 'mkdir', 'cat', 'rm', 'grep', 'find']) {
      symlinkSync(`/bin/${name}`, join(bin, name));
    }
    const { stderr, status } = call('fleetune', [], { PATH: bin });
    expect(stderr).toContain('needs Node.js');
    expect(stderr).toContain('apt-get install');
    expect(status).toBe(3);
  });

  it('says one clear thing without a network, and tries again next time', () => {
    program('npm', `echo 'npm error request failed, reason: getaddrinfo ENOTFOUND x'; exit 1`);
    const { stderr, status } = call('fleetune', [], { HTTPS_PROXY: 'http://proxy:1' });
    expect(stderr).toContain('no network');
    expect(stderr).toContain('http://proxy:1');
    expect(stderr).not.toContain('ENOTFOUND');
    expect(status).toBe(3);
    expect(existsSync(join(checkout, '.tools/lock'))).toBe(false);
  });

  it('shows the words of a build that fails, and builds again next time', () => {
    const good = readFileSync(join(checkout, 'scripts/build/main.ts'), 'utf8');
    write('scripts/build/main.ts', `console.error('no such thing'); process.exit(1)`);
    const { stderr, status } = call('fleetune');
    expect(stderr).toContain('no such thing');
    expect(status).toBe(3);
    write('scripts/build/main.ts', good);
    expect(call('fleetune').status).toBe(0);
  });
});

describe('./dev', () => {
  it('prepares without building', () => {
    expect(call('dev', ['check']).stdout).toBe('dev check\n');
    expect(calls().map((line) => line.trim())).toEqual(['npm ci']);
  });
});
