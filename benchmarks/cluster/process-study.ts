import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchFolder } from '../harness/scratch-folder.ts';
import { readSpans, type Sleeping } from './span.ts';

/**
 * Runs a tuner whose trials write down when they ran: `argv` and then SLOTS SLEEPS.json LOG, in a
 * folder of its own on the disk of the checkout, so that what is durable costs what it should.
 */
export async function runProcessStudy(
  [program = '', ...args]: string[],
  { slots, sleeps }: { slots: number; sleeps: readonly number[] },
): Promise<Sleeping> {
  const folder = scratchFolder();
  const [sleepsFile, log] = [join(folder, 'sleeps.json'), join(folder, 'log')];
  await writeFile(sleepsFile, JSON.stringify(sleeps));
  const startedAt = Date.now();
  const child = spawn(program, [...args, String(slots), sleepsFile, log], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let trouble = '';
  child.stderr.on('data', (text: Buffer) => (trouble = (trouble + text.toString()).slice(-2000)));
  const [code] = (await once(child, 'close')) as [number | null];
  const spans = existsSync(log) ? readSpans(await readFile(log, 'utf8')) : [];
  if (spans.length === 0 || code !== 0)
    throw new Error(`${program} exited with ${code}: ${trouble}`);
  const first = Math.min(...spans.map(({ startMs }) => startMs));
  return { spans, startUpMs: first - startedAt };
}
