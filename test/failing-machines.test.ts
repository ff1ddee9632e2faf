// What becomes of trials when a machine, or a trial's memory, fails: with a real coordinator and real workers.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StudyEvent } from '@fleetune/core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventsIn, newCluster, type Cluster } from './cluster.ts';
import { prepareCommand, until } from './command.ts';
import { closeFolder, newFolder } from './folder.ts';

let folder: string;
let cluster: Cluster;
beforeAll(prepareCommand, 120_000);
beforeEach(() => {
  folder = newFolder('failing');
  cluster = newCluster(folder);
});
afterEach(async () => {
  await cluster.close();
  closeFolder(folder);
});

it('a machine where every trial crashes at once is quarantined, and its trials are given to others', async () => {
  const { url } = await cluster.serve();
  cluster.worker(url, 'sound');
  const program = `[ -z "$DISK" ] || { echo 'no space left on device' >&2; exit 1; }
sleep 0.3; echo "{\\"loss\\": $1}"`;
  writeStudy({ program, trials: 60 });
  const run = cluster.start(['run', 'study.yaml', '--on', url]);
  // Only beside others that succeed is a machine known to be the broken one.
  const results = () => ofKind(eventsIn(folder, 'failing'), 'trial-ended').length;
  await until('trials succeed', () => results() > 2);
  // The worker's own environment is the program's: that is what is broken here.
  cluster.worker(url, 'broken', ['env', 'DISK=full']);
  expect(await run.finished).toMatchObject({ code: 0, stderr: '' });
  const events = eventsIn(folder, 'failing');
  const quarantine = ofKind(events, 'worker-quarantined');
  expect(quarantine.map(({ worker }) => worker)).toEqual(['broken']);
  expect(quarantine[0]!.reason.text).toContain('crashed here at once');
  const last = new Map(ofKind(events, 'trial-ended').map(({ trial, state }) => [trial, state]));
  expect([...last.values()]).toEqual(Array.from({ length: 60 }, () => 'completed'));
});

it('a trial that runs out of memory is tried once more alone on its worker, and then is infeasible', async () => {
  const { url } = await cluster.serve();
  cluster.worker(url, 'one');
  const program = `case $FLEETUNE_TRIAL.$FLEETUNE_ATTEMPT in
  2.1 | 3.*) sleep 0.1; echo 'MemoryError: Unable to allocate 90 GiB' >&2; exit 1 ;;
esac
sleep 0.2; echo "{\\"loss\\": $1}"`;
  writeStudy({ program, trials: 8 });
  const run = await cluster.start(['run', 'study.yaml', '--on', url]).finished;
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const events = eventsIn(folder, 'failing');
  const ended = new Map(ofKind(events, 'trial-ended').map(({ trial, state }) => [trial, state]));
  expect([ended.get(2), ended.get(3)]).toEqual(['completed', 'infeasible']);
  for (const trial of [2, 3]) {
    const attempts = ofKind(events, 'attempt-ended').filter((event) => event.trial === trial);
    expect(attempts[0]!.end).toBe('out-of-memory');
    expect(attempts).toHaveLength(2);
    expect(besides(events, trial), `beside the second attempt of trial ${trial}`).toEqual([]);
  }
});

/** Trials that ran while the second attempt of this one did. */
function besides(events: StudyEvent[], solo: number): number[] {
  const live = new Set<number>();
  const beside = new Set<number>();
  let alone = false;
  for (const event of events) {
    if (event.kind === 'attempt-started') live.add(event.trial);
    if (event.kind === 'attempt-ended') live.delete(event.trial);
    if ('attempt' in event && event.trial === solo && event.attempt === 2) alone = live.has(solo);
    if (alone) for (const trial of live) beside.add(trial);
  }
  beside.delete(solo);
  return [...beside];
}

function writeStudy({ program, trials }: { program: string; trials: number }): void {
  const study = `
name: failing
objective: { metric: loss, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
sampler: random
budget: { trials: ${trials} }
command: [sh, -c, ${JSON.stringify(program)}, sh, "{x}"]
retries: 0
seed: 1
`;
  writeFileSync(join(folder, 'study.yaml'), study);
}

function ofKind<K extends StudyEvent['kind']>(events: StudyEvent[], kind: K) {
  return events.filter((event): event is Extract<StudyEvent, { kind: K }> => event.kind === kind);
}
