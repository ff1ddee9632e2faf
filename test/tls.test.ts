// A coordinator with a certificate of its own, and whoever wants to reach it: with the right certificate and the
// right token everything works, and without either there is one clear refusal, at once.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsIn, newCluster, type Cluster, type Serving } from './cluster.ts';
import { prepareCommand, runCommand } from './command.ts';
import { closeFolder, newFolder } from './folder.ts';

let folder: string;
let cluster: Cluster;
let serving: Serving;

const reach = ['--ca', 'ours.pem', '--token-file', 'fleetune.token'];

beforeAll(async () => {
  prepareCommand();
  folder = newFolder('tls');
  cluster = newCluster(folder);
  certify('ours');
  certify('others');
  writeFileSync(join(folder, 'study.yaml'), study);
  writeFileSync(join(folder, 'wrong.token'), 'a-token-of-somebody-else\n', { mode: 0o600 });
  serving = await cluster.serve({ flags: ['--tls-cert', 'ours.pem', '--tls-key', 'ours.key'] });
}, 120_000);

afterAll(async () => {
  await cluster.close();
  closeFolder(folder);
});

it('a study runs from end to end over TLS', async () => {
  const { url } = serving;
  expect(url).toMatch(/^https:/);
  const worker = cluster.start(['worker', '--url', url, '--slots', '2', '--name', 'one', ...reach]);
  const { code, stdout, stderr } = await run(['run', 'study.yaml', '--on', url, ...reach]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('Trials        3 completed');
  const ended = eventsIn(folder, 'secret').filter(({ kind }) => kind === 'trial-ended');
  expect(ended).toHaveLength(3);
  worker.process.kill('SIGTERM');
  expect(await worker.finished).toMatchObject({ code: 0, stderr: '' });
});

describe.each([
  ['worker', ['worker', '--url']],
  ['run', ['run', 'study.yaml', '--on']],
])('%s is refused in one message', (_, words) => {
  it.each([
    ['by another authority', ['--ca', 'others.pem']],
    ['without an authority', []],
  ])('when the certificate is vouched for %s', async (_, ca) => {
    const refused = await run([...words, serving.url, ...ca, '--token-file', 'fleetune.token']);
    expect(refused.code).toBe(3);
    expect(codesIn(refused.stderr)).toEqual(['coordinator.certificate']);
    expect(refused.stderr).toContain(
      `${serving.url}: the coordinator's certificate is not trusted`,
    );
    expect(refused.stderr).toContain('--ca');
  });

  it('with a wrong token', async () => {
    const args = [...words, serving.url, '--ca', 'ours.pem', '--token-file', 'wrong.token'];
    const refused = await run(args);
    expect(refused.code).toBe(2);
    expect(codesIn(refused.stderr)).toEqual(['auth.token']);
  });

  it('without a token', async () => {
    const refused = await run([...words, serving.url, '--ca', 'ours.pem']);
    expect(refused.code).toBe(2);
    expect(codesIn(refused.stderr)).toEqual(['cli.no-token']);
  });
});

it('the certificate of another host is refused, and one that is renewed is found at the next start', async () => {
  const { url, process } = serving;
  const elsewhere = url.replace('127.0.0.1', 'localhost');
  const list = ['study', 'list', ...reach, '--on'];
  const refused = await run([...list, elsewhere]);
  expect(codesIn(refused.stderr)).toEqual(['coordinator.certificate']);
  process.process.kill('SIGTERM');
  expect(await process.finished).toMatchObject({ code: 0, stderr: '' });
  certify('ours');
  const flags = ['--tls-cert', 'ours.pem', '--tls-key', 'ours.key'];
  serving = await cluster.serve({ port: Number(new URL(url).port), flags });
  expect(await run([...list, url])).toMatchObject({ code: 0, stderr: '' });
});

it('nobody speaks to it without TLS', async () => {
  const plain = serving.url.replace('https:', 'http:');
  const refused = await run(['worker', '--url', plain, ...reach, '--death-timeout', '1s']);
  expect(refused.code).toBe(3);
  expect(codesIn(refused.stderr)).toEqual(['worker.coordinator-gone']);
});

const study = `
name: secret
objective: { metric: loss, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
budget: { trials: 3 }
command: [sh, -c, 'echo "{\\"loss\\": $1}"', sh, "{x}"]
seed: 1
`;

/** Without a token of the surroundings. */
function run(args: readonly string[]) {
  return runCommand(args, folder, { FLEETUNE_TOKEN: '' });
}

/** The last line of a message in words is its code. */
function codesIn(stderr: string): string[] {
  return [...stderr.matchAll(/^ {2}\[(.+)\]$/gm)].map(([, code]) => code!);
}

/** A certificate for 127.0.0.1 that vouches for itself: `NAME.pem` and `NAME.key`. */
function certify(name: string): void {
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`];
  const args = [...kind, '-nodes', '-days', '2', ...subject, ...files];
  execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
}
