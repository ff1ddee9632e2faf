import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { listFiles } from '../check/sources.ts';
import { root } from '../root.ts';

/** A folder as a reader has it who follows a page: the examples, the command, and nothing else. */
export interface Sandbox {
  write(path: string, text: string): Promise<void>;
  run(script: string, limitMs: number): Promise<{ exit: number | string; output: string }>;
  remove(): Promise<void>;
}

/** What pages print in place of the sandbox. */
const shownFolder = '/home/you/tuning';

export async function createSandbox(): Promise<Sandbox> {
  // Builds it when its sources are newer.
  await promisify(execFile)(join(root, 'fleetune'), ['--version']);
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'fleetune-docs-')));
  for (const path of listFiles('examples')) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await copyFile(join(root, path), join(folder, path));
  }
  // Copied, as if installed: a build that is going on beside us changes nothing.
  const home = join(folder, 'node_modules/fleetune');
  for (const part of ['bin', 'dist', 'package.json']) {
    await cp(join(root, 'packages/fleetune', part), join(home, part), { recursive: true });
  }
  const shim = `#!/bin/sh\nexec '${process.execPath}' '${join(home, 'bin/fleetune.js')}' "$@"\n`;
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin/fleetune'), shim, { mode: 0o755 });
  await writeFile(join(folder, 'fleetune'), shim, { mode: 0o755 });
  const ports = new Map<string, string>();
  return {
    async write(path, text) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    },
    async run(script, limitMs) {
      for (const [, port] of script.matchAll(/--port (\d+)/g)) ports.set(port!, await freePort());
      const real = [...ports].reduce((text, [port, free]) => withPort(text, port, free), script);
      const { exit, output } = await runScript(real, folder, limitMs);
      const shown = plain(output).replaceAll(folder, shownFolder);
      const as = [...ports].reduce((text, [port, free]) => withPort(text, free, port), shown);
      return { exit, output: as };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function withPort(text: string, from: string, to: string): string {
  return text.replace(new RegExp(`(?<=--port |:)${from}\\b`, 'g'), to);
}

/** A page names a port of its own; two runs of it on one machine need two. */
async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}

function runScript(
  script: string,
  folder: string,
  limitMs: number,
): Promise<{ exit: number | string; output: string }> {
  return new Promise((resolve, reject) => {
    const paths = [join(folder, 'bin'), dirname(process.execPath), process.env['PATH']];
    const child = spawn('sh', ['-e', '-c', `exec 2>&1\n${script}`], {
      cwd: folder,
      env: { ...process.env, PATH: paths.join(delimiter), NO_COLOR: '1', LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: limitMs,
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ exit: code ?? signal ?? 'lost', output: Buffer.concat(chunks).toString() }),
    );
  });
}

/** Without colours and without spaces at line ends. */
function plain(output: string): string {
  return output.replace(/\x1b\[[\d;?]*[A-Za-z]/g, '').replace(/[ \r]+$/gm, '');
}
