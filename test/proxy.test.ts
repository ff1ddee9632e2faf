// A network that is only reached through a proxy: a real one, which carries to the real package registries.

import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { prepareCommand, root, runCommand } from './command.ts';

let folder: string;
let server: Server;
/** Where the proxy was asked to carry to. */
let carried: string[] = [];

beforeAll(async () => {
  prepareCommand();
  folder = mkdtempSync(join(tmpdir(), 'fleetune proxy '));
  server = createServer(({ url = '' }, response) => {
    carried.push(url);
    response.writeHead(501).end();
  });
  server.on('connect', ({ url = '' }, client) => {
    carried.push(url);
    const [host = '', port = '443'] = url.split(':');
    const far = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.pipe(client).pipe(far);
    });
    for (const [end, other] of [
      [far, client],
      [client, far],
    ] as const) {
      end.on('error', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => (carried = []));
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

function behind(port: number): NodeJS.ProcessEnv {
  const proxy = `http://127.0.0.1:${port}`;
  const none = { NO_PROXY: undefined, no_proxy: undefined };
  const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY'];
  return { ...process.env, ...none, ...Object.fromEntries(names.map((name) => [name, proxy])) };
}
const port = (): number => (server.address() as AddressInfo).port;

/** The scripts of a checkout whose only dependency is one small package of ours. */
function makeCheckout(name: string): string {
  const checkout = join(folder, name);
  for (const path of ['dev', 'scripts/prepare.sh']) cpSync(join(root, path), join(checkout, path));
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  const small = lock.packages['node_modules/isexe']!;
  const own = { name: 'behind', dependencies: { isexe: small.version } };
  const packages = { '': own, 'node_modules/isexe': small };
  writeFileSync(join(checkout, 'package.json'), JSON.stringify(own));
  writeFileSync(
    join(checkout, 'package-lock.json'),
    JSON.stringify({ name: 'behind', lockfileVersion: 3, packages }),
  );
  writeFileSync(join(checkout, 'scripts/dev.ts'), '');
  mkdirSync(join(checkout, 'bin'));
  symlinkSync(process.execPath, join(checkout, 'bin/node'));
  return checkout;
}

function prepareWith(checkout: string, env: NodeJS.ProcessEnv) {
  const home = mkdtempSync(join(folder, 'home '));
  const PATH = `${join(checkout, 'bin')}:${process.env.PATH}`;
  return promisify(execFile)(join(checkout, 'dev'), [], { env: { ...env, PATH, HOME: home } });
}

test('a checkout is prepared through the proxy', async () => {
  const checkout = makeCheckout('through');
  await prepareWith(checkout, behind(port()));
  expect(existsSync(join(checkout, 'node_modules/isexe/package.json'))).toBe(true);
  expect(carried.length).toBeGreaterThan(0);
});

test('a proxy that is not there is named', async () => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const tried = prepareWith(makeCheckout('without'), behind(port));
  await expect(tried).rejects.toMatchObject({
    code: 3,
    stderr: expect.stringContaining(`HTTPS_PROXY (now: http://127.0.0.1:${port})`),
  });
});

test('a study installs what its program needs through the proxy, and its own words never go there', async () => {
  const study = {
    name: 'behind',
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'float', low: 0, high: 1 } },
    budget: { trials: 2 },
    setup: [
      ['python3', '-m', 'venv', '.venv'],
      ['.venv/bin/pip', 'install', '--no-cache-dir', '--no-deps', 'six'],
    ],
    command: ['.venv/bin/python', 'train.py'],
  };
  writeFileSync(join(folder, 'study.yaml'), JSON.stringify(study));
  writeFileSync(
    join(folder, 'train.py'),
    ['import six, fleetune', 'fleetune.report(1, loss=fleetune.params()["x"])', ''].join('\n'),
  );
  const { code, stdout } = await runCommand(['run', 'study.yaml'], folder, behind(port()));
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/trial 1 /) });
  expect(carried.length).toBeGreaterThan(0);
  expect(carried.filter((place) => /^(http:..)?(127\.|localhost|\[::1\])/.test(place))).toEqual([]);
});
