// Parity (docs/internals/simulator.md): the order in which a real run heard of things, with real processes and a real
// clock, is told to the coordinator under virtual time, which has to decide the same.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StudyEvent } from '@fleetune/core';
import { sqliteStore } from '@fleetune/coordinator/store';
import { decisions, replayArrivals } from '@fleetune/simulator';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventsIn, newCluster, type Cluster } from './cluster.ts';
import { prepareCommand, runCommand, until } from './command.ts';
import { closeFolder, newFolder } from './folder.ts';

let folder: string;
let cluster: Cluster;

beforeAll(prepareCommand, 120_000);
beforeEach(() => {
  folder = newFolder('parity');
  cluster = newCluster(folder);
});
afterEach(async () => {
  await cluster.close();
  closeFolder(folder);
});

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

it('so they do with workers of which one is lost, a pause and an edit', async () => {
  const log = (): StudyEvent[] => eventsIn(folder, 'parity');
  const seen = (kind: StudyEvent['kind']): number =>
    log().filter((event) => event.kind === kind).length;
  const { url } = await cluster.serve();
  const control = async (...args: string[]): Promise<void> => {
    expect(await cluster.start([...args, '--on', url]).finished).toMatchObject({ code: 0 });
  };
  writePatientStudy(12);
  await control('submit', 'study.yaml');
  cluster.worker(url, 'one');
  const two = cluster.worker(url, 'two');
  await until('both work', () => seen('rung-reached') === 4);
  await control('study', 'pause', 'parity', '--reason', 'lunch');
  two.process.kill('SIGKILL');
  await two.finished;
  cluster.worker(url, 'two');
  await until('it is back', () => seen('worker-joined') === 3);
  writePatientStudy(15);
  await control('study', 'edit', 'study.yaml');
  await control('study', 'resume', 'parity');
  writeFileSync(join(folder, 'go'), '');
  await until('it is over', () => seen('run-ended') === 1);
  const ends = log().map((event) => ('end' in event ? event.end : undefined));
  expect(ends.filter((end) => end === 'lost').length).toBeGreaterThanOrEqual(2);
  expect(ends.at(-1)).toBe('budget-trials');
  expect(decisions(await replayArrivals(log()))).toEqual(decisions(log()));
});

/** After its first epoch each trial waits for the file `go`. */
function writePatientStudy(trials: number): void {
  writeFileSync(
    join(folder, 'study.yaml'),
    `
name: parity
objective: { metric: loss, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
command: "for e in 1 2 3 4; do echo '{\\"epoch\\": '$e', \\"loss\\": {x}}'; until [ -e go ]; do sleep 0.02; done; done"
sampler: random
scheduler: { type: asha, eta: 2 }
fidelity: { metric: epoch, min: 1, max: 4 }
budget: { trials: ${trials} }
seed: 7
`,
  );
}
