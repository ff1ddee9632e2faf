// Schemathesis reads the served OpenAPI document and tries to break what it promises: no 500, no status that the
// document does not name, no answer of another shape, and nothing accepted that the document forbids.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCoordinator, oneToken, serveHttp } from '@fleetune/coordinator';
import { memoryStore } from '@fleetune/coordinator/store';
import { readStudy, type StudySpec } from '@fleetune/core';
import { systemClock } from '@fleetune/platform/node';
import { PROTOCOL } from '@fleetune/protocol';
import { beforeAll, expect, it } from 'vitest';
import { root } from './command.ts';

const VERSION = '4.32.5';
const venv = join(root, '.tools', `schemathesis-${VERSION}`);
const schemathesis = join(venv, 'bin/schemathesis');
const token = 'a token for the fuzzer';
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'ignored_auth',
  'unsupported_method',
];

/** Made once; a half-made one is made again. */
beforeAll(() => {
  if (existsSync(join(venv, 'complete'))) return;
  rmSync(venv, { recursive: true, force: true });
  spawnSync('python3', ['-m', 'venv', venv]);
  const pip = ['install', '--quiet', '--disable-pip-version-check', `schemathesis==${VERSION}`];
  const installed = spawnSync(join(venv, 'bin/pip'), pip, { encoding: 'utf8' });
  if (installed.status === 0) writeFileSync(join(venv, 'complete'), '');
  else console.warn(`schemathesis cannot be installed: ${installed.stderr}`);
}, 240_000);

it('nothing that is sent breaks the HTTP API', { timeout: 240_000 }, async ({ skip }) => {
  if (!existsSync(schemathesis)) {
    expect(process.env['CI'], 'schemathesis is missing').toBeFalsy();
    skip('schemathesis cannot be installed here');
  }
  const coordinator = createCoordinator(memoryStore(), systemClock);
  for (const name of ['0', '1']) {
    const host = await coordinator.open(spec(name));
    void coordinator.run(host, { keepGoing: true, files: '/tmp', shared: true });
    // Most of what the fuzzer makes up is called "0": this worker's exchanges get past the door.
    const worker = { worker: name, incarnation: '0', host: '0', pid: 1, slots: 3 };
    await coordinator.dispatcher.register({ protocol: PROTOCOL, ...worker });
  }
  const server = await serveHttp(coordinator, {
    access: oneToken(token),
    host: '127.0.0.1',
    port: 0,
    version: 'test',
    submissions: { filesOf: () => '/tmp', cwd: '/tmp', seed: () => 1 },
  });
  const { code, output } = await fuzz(server.url);
  expect(code, output).toBe(0);
  // Still there, and at work.
  const host = coordinator.host('0');
  expect(coordinator.isRunning(host)).toBe(true);
  expect(await coordinator.asker(host).ask()).toHaveProperty('params');
  await server.close();
  await coordinator.shutdown();
});

/** What ends something goes to a study and a worker of their own, so that the rest has something to work on. */
const config = `
[parameters]
name = "0"

[[operations]]
include-path-regex = "/trials/{trial}"
parameters = { trial = "0" }

[[operations]]
include-operation-id = ["pauseStudy", "drainStudy", "stopStudy", "deleteStudy"]
parameters = { name = "1" }

[[operations]]
include-path-regex = "/workers/{worker}"
parameters = { worker = "1" }
`;

async function fuzz(url: string): Promise<{ code: number | null; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetune-fuzz-'));
  writeFileSync(join(folder, 'schemathesis.toml'), config);
  const args = [
    ...['run', `${url}/api/v1/openapi.json`, '--header', `Authorization: Bearer ${token}`],
    ...['--checks', checks.join(','), '--max-examples', '20', '--request-timeout', '20'],
    // The stream of events has no end to wait for; a test of its own reads it.
    ...['--exclude-path-regex', '/events$', '--seed', '1', '--no-color'],
  ];
  const child = spawn(schemathesis, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  rmSync(folder, { recursive: true, force: true });
  return { code, output };
}

function spec(name: string): StudySpec {
  const raw = {
    name,
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'float', low: 0, high: 1 } },
    budget: { trials: 1_000_000 },
    command: ['true'],
  };
  const read = readStudy(raw, { cwd: '/tmp', seed: 1 });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  return read.spec;
}
