import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { StudyStatus } from '@fleetune/core';

const command = join(import.meta.dirname, '../packages/fleetune/bin/fleetune.js');

export interface SleepingStudy {
  trials: number;
  slots: number;
  seconds: number;
}

/** Runs a study whose trials print one value and sleep, by the built command; the figures are the study's own ledger. */
export async function runSleepingStudy(study: SleepingStudy): Promise<StudyStatus> {
  const { trials, slots, seconds } = study;
  const folder = await mkdtemp(join(tmpdir(), 'fleetune-bench-'));
  const file = join(folder, 'study.yaml');
  await writeFile(
    file,
    `name: sleeping
objective: { metric: value, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
sampler: random
budget: { trials: ${trials} }
command: [/bin/sh, -c, 'echo "{\\"value\\": $0}"; exec /bin/sleep ${seconds}', '{x}']
engine: { type: local, slots: ${slots} }
`,
  );
  try {
    const argv = [command, 'run', file, '--json'];
    const options = { cwd: folder, maxBuffer: 2 ** 28 };
    const { stdout } = await promisify(execFile)(process.execPath, argv, options);
    const last = stdout.trimEnd().split('\n').at(-1) ?? '';
    return (JSON.parse(last) as { status: StudyStatus }).status;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
