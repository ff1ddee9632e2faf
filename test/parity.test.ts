// Parity (docs/internals/simulator.md): the order in which a real run heard of things, with real processes and a real
// clock, is told to the coordinator under virtual time, which has to decide the same.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteStore } from '@fleetune/coordinator/store';
import { decisions, replayArrivals } from '@fleetune/simulator';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { prepareCommand, runCommand } from './command.ts';
import { closeFolder, newFolder } from './folder.ts';

let folder: string;

beforeAll(prepareCommand, 120_000);
beforeEach(() => {
  folder = newFolder('parity');
});
afterEach(() => closeFolder(folder));

const STUDIES: Record<string, string> = {
  'asha, and reserves behind short trials': `
sampler: random
scheduler: { type: asha, eta: 2 }
fidelity: { metric: epoch, min: 1, max: 4 }
`,
  'suggestions of a model that waits for all results': `
sampler: { type: tpe, startup: 5 }
reproducible: true
`,
  'failures and retries': `
sampler: random
retries: 1
`,
};

it.each(Object.keys(STUDIES))('a real run and its simulation decide the same: %s', async (name) => {
  writeFileSync(
    join(folder, 'study.yaml'),
    `
name: parity
objective: { metric: loss, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
command: "for e in 1 2 3 4; do echo '{\\"epoch\\": '$e', \\"loss\\": {x}}'; done; case {x} in *[13]) exit 3;; esac"
budget: { trials: 24 }
engine: { type: local, slots: 3 }
seed: 7
${STUDIES[name]}
`,
  );
  const { code, stderr } = await runCommand(['run', 'study.yaml', '--keep-going'], folder);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const store = sqliteStore(join(folder, 'fleetune.db'), { readOnly: true });
  const log = [...store.events(store.study('parity')!.id, 0)];
  await store.close();
  expect(decisions(await replayArrivals(log))).toEqual(decisions(log));
});
