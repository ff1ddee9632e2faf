import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { httpConnection, studyClient } from '@fleetune/protocol/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { oneToken } from '../auth/access.ts';
import { serve, token, type Served } from './testing/served.ts';

let folder: string;
let made = false;
let served: Served | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetune-tls-'));
  made = makeCertificate();
});

afterAll(async () => {
  await served?.close();
  rmSync(folder, { recursive: true });
});

it('with a certificate the server speaks TLS, and clients that know it are at home', async ({
  skip,
}) => {
  if (!made) {
    expect(process.env['CI'], 'openssl is missing').toBeFalsy();
    skip('openssl is not installed here');
  }
  served = await serve({ certificate: files() });
  expect(served.url).toMatch(/^https:/);
  const ca = readFileSync(files().certFile, 'utf8');
  const connection = httpConnection(served.url, token, { ca });
  expect(await studyClient(connection).health()).toEqual({ ok: true, version: 'test' });
  expect(await studyClient(connection).listStudies()).toHaveLength(1);
  connection.close();
  const stranger = httpConnection(served.url, token);
  await expect(studyClient(stranger).health()).rejects.toMatchObject({
    code: 'coordinator.certificate',
  });
  stranger.close();
  const plain = httpConnection(served.url.replace('https', 'http'), token);
  await expect(studyClient(plain).health()).rejects.toMatchObject({
    code: 'coordinator.unreachable',
  });
  plain.close();
});

it('a certificate that is none keeps the server from starting', async () => {
  const broken = { certFile: join(folder, 'broken.pem'), keyFile: join(folder, 'broken.pem') };
  const start = () => serve({ certificate: broken });
  await expect(start()).rejects.toMatchObject({ code: 'server.certificate' });
  writeFileSync(broken.certFile, '-----BEGIN CERTIFICATE-----\nnonsense\n');
  await expect(start()).rejects.toMatchObject({ code: 'server.certificate' });
});

it('without a token the server does not start, wherever it listens', async () => {
  for (const host of ['0.0.0.0', '127.0.0.1', '::']) {
    await expect(serve({ access: oneToken(''), host })).rejects.toMatchObject({
      code: 'auth.no-token',
    });
  }
});

it('an address that is taken or not ours is refused with what to do', async () => {
  const first = await serve();
  await expect(serve({ port: first.port })).rejects.toMatchObject({
    info: { code: 'server.address', place: `127.0.0.1:${first.port}` },
  });
  await first.close();
  await expect(serve({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'server.address' });
});

function files(): { certFile: string; keyFile: string } {
  return { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
}

function makeCertificate(): boolean {
  const { certFile, keyFile } = files();
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  try {
    execFileSync(
      'openssl',
      [...request, '-nodes', '-days', '2', ...subject, '-keyout', keyFile, '-out', certFile],
      { stdio: 'ignore' },
    );
    return true;
  } catch {
    return false;
  }
}
