import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { StudyEvent, StudyStatus } from '@fleetune/core';
import { scratchFolder } from '../harness/scratch-folder.ts';
import { programOf, writePrograms, type CommandStudy } from './programs.ts';
import type { Sleeping, Span } from './span.ts';

const command = join(import.meta.dirname, '../../packages/fleetune/bin/fleetune.js');

/** Ours with a real /bin/sleep each, by the built command: a worker process over HTTP on loopback, durable. */
export async function runCommandStudy(
  study: CommandStudy,
): Promise<Sleeping & { status: StudyStatus }> {
  const folder = scratchFolder();
  await writeStudy(folder, study);
  return run(folder, study.sleeps.length);
}

async function writeStudy(folder: string, { slots, sleeps }: CommandStudy): Promise<void> {
  await writePrograms(folder, sleeps);
  await writeFile(
    join(folder, 'study.yaml'),
    `name: sleeping
objective: { metric: value, direction: minimize }
space: { x: { type: float, low: 0, high: 1 }, y: { type: float, low: 0, high: 1 } }
sampler: random
budget: { trials: ${sleeps.length} }
command: [${programOf('$FLEETUNE_TRIAL')
      .map((part) => `'${part}'`)
      .join(', ')}]
engine: { type: local, slots: ${slots} }
`,
  );
}

async function run(folder: string, trials: number): Promise<Sleeping & { status: StudyStatus }> {
  const spawnedAt = Date.now();
  const argv = [command, 'run', 'study.yaml', '--json'];
  const child = spawn(process.execPath, argv, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const spans: Span[] = [];
  let startUpMs = NaN;
  let status: StudyStatus | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as StudyEvent | { kind: 'result'; status: StudyStatus };
    if (event.kind === 'result') ({ status } = event);
    if (event.kind === 'attempt-started' && spans.length === 0) {
      startUpMs = Math.min(startUpMs || Infinity, event.at - spawnedAt);
    }
    // A trial that was given back before it began runs later.
    if (event.kind !== 'attempt-ended' || event.end !== 'completed' || !event.use) continue;
    const { spawnedUs, exitedUs } = event.use;
    spans.push({ trial: event.trial, startMs: spawnedUs / 1000, endMs: exitedUs / 1000 });
  }
  if (status === undefined || spans.length !== trials) {
    throw new Error(`the study ended after ${spans.length} of ${trials} trials`);
  }
  return { spans, startUpMs, status };
}
