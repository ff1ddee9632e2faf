// A checkpoint that somebody wants now: from the command line to a real program on a worker, and back by its reports.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventsIn, newCluster, type Cluster } from './cluster.ts';
import { prepareCommand, until } from './command.ts';
import { closeFolder, newFolder } from './folder.ts';

let folder: string;
let cluster: Cluster;

beforeAll(prepareCommand, 120_000);
beforeEach(() => {
  folder = newFolder('checkpoints');
  cluster = newCluster(folder);
});
afterEach(async () => {
  await cluster.close();
  closeFolder(folder);
});

/** An epoch for every checkpoint that somebody wants. */
const program = `
import fleetune, time
epoch = 0
while epoch < 3:
    if fleetune.checkpoint_wanted():
        epoch += 1
        with open("kept-%s" % fleetune.params()["x"], "a") as file:
            file.write("%d " % epoch)
        fleetune.report(epoch, loss=epoch)
    time.sleep(0.01)
`;

const study = `
name: kept
objective: { metric: loss, direction: minimize }
space: { x: { type: categorical, choices: [a, b] } }
sampler: grid
fidelity: { metric: epoch, min: 1, max: 3 }
scheduler: fifo
budget: { trials: 2 }
command: [python3, program.py]
seed: 1
`;

it('one trial is asked, or all those of a worker, and each program hears it once', async () => {
  writeFileSync(join(folder, 'program.py'), program);
  writeFileSync(join(folder, 'study.yaml'), study);
  const { url } = await cluster.serve();
  cluster.worker(url, 'one');
  const ask = async (...words: string[]): Promise<void> => {
    const { code, stderr } = await cluster.start([...words, '--on', url]).finished;
    expect([code, stderr], words.join(' ')).toEqual([0, '']);
  };
  await ask('submit', 'study.yaml');
  await until('both run', () => count('attempt-started') === 2);
  await ask('trial', 'checkpoint', 'kept', '0');
  await until('one heard it', () => rows(0) === 1);
  await ask('worker', 'checkpoint', 'one', '--reason', 'the rack will be moved');
  await until('both heard it', () => rows(0) === 2 && rows(1) === 1);
  await ask('worker', 'checkpoint', 'one');
  await until('both heard it again', () => rows(0) === 3 && rows(1) === 2);
  await ask('trial', 'checkpoint', 'kept', '1');
  await until('the end', () => count('trial-ended') === 2);
  expect(['a', 'b'].map((x) => readFileSync(join(folder, `kept-${x}`), 'utf8'))).toEqual([
    '1 2 3 ',
    '1 2 3 ',
  ]);
  const reasons = eventsIn(folder, 'kept').flatMap((event) =>
    event.kind === 'checkpoint-requested' ? [event.reason.text] : [],
  );
  expect(reasons).toContain('the rack will be moved');
  const late = await cluster.start(['trial', 'checkpoint', 'kept', '1', '--on', url]).finished;
  expect(late.code).toBe(2);
  expect(late.stderr).toContain('trial 1 is completed already');
});

function count(kind: string): number {
  return eventsIn(folder, 'kept').filter((event) => event.kind === kind).length;
}

/** Reports that arrived of the trial. */
function rows(trial: number): number {
  const items = eventsIn(folder, 'kept').flatMap((it) => (it.kind === 'reports' ? it.items : []));
  const own = items.filter((item) => item.trial === trial);
  return own.reduce((sum, { columns }) => sum + columns.step.length, 0);
}
