// A sampler that is too dear for the coordinator's thread gets one of its own, in the command as it is installed.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteStore } from '@fleetune/coordinator/store';
import type { Params, StudyStatus } from '@fleetune/core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { prepareCommand, runCommand } from './command.ts';
import { closeFolder, newFolder } from './folder.ts';

const study = (reproducible: boolean) => `name: dear
objective: { metric: value, direction: minimize }
space: { x: { type: float, low: 0, high: 1 }, y: { type: float, low: 0, high: 1 } }
sampler: { type: tpe, startup: 3, candidates: 200000 }
reproducible: ${reproducible}
budget: { trials: 10 }
command: [/bin/sh, -c, 'echo "{\\"value\\": $0}"', '{x}']
engine: { type: local, slots: ${reproducible ? 1 : 2} }
seed: 5
`;

let folder: string;
beforeAll(prepareCommand, 120_000);
beforeEach(() => (folder = newFolder('dear')));
afterEach(() => closeFolder(folder));

it('suggestions are made in a thread of their own', { timeout: 120_000 }, async () => {
  const { advisor, trials } = await run(study(false), 'fleetune.db');
  expect(advisor).toMatchObject({ mode: 'thread', given: 10 });
  expect(trials.completed).toBe(10);
});

it('a reproducible study waits for them, and is the same again', { timeout: 120_000 }, async () => {
  const [first, second] = ['first.db', 'second.db'];
  for (const database of [first, second]) {
    const { advisor } = await run(study(true), database);
    expect(advisor).toMatchObject({ mode: 'thread', fallbackShare: 0 });
  }
  expect(paramsIn(first)).toEqual(paramsIn(second));
  expect(paramsIn(first)).toHaveLength(10);
});

async function run(file: string, database: string): Promise<StudyStatus> {
  writeFileSync(join(folder, 'study.yaml'), file);
  const args = ['run', 'study.yaml', '--json', '--db', database];
  const { code, stdout, stderr } = await runCommand(args, folder);
  expect(code, stderr).toBe(0);
  return (JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as { status: StudyStatus }).status;
}

function paramsIn(database: string): Params[] {
  const store = sqliteStore(join(folder, database), { readOnly: true });
  const params: Params[] = [];
  for (let trial = 0; ; trial++) {
    const row = store.trial(1, trial);
    if (row === undefined) break;
    params.push(row.params);
  }
  void store.close();
  return params;
}
