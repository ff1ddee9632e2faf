// A coordinator and two workers on three hosts, whose network breaks in every way that networks do.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StudyEvent } from '@fleetune/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkLog, eventsIn, newCluster } from './cluster.ts';
import { prepareCommand, runCommand, until } from './command.ts';
import { closeFolder, newFolder } from './folder.ts';
import { hasNetworkNamespaces, networkHosts, type NetworkHosts } from './network-hosts.ts';

const COORDINATOR = 0;
const HOST = 1;
const OTHER = 2;
const EPOCHS = 5;
/** A lease runs out, on a loaded machine. */
const LIMIT_MS = 60_000;

const there = hasNetworkNamespaces();
beforeAll(prepareCommand, 120_000);

it('network namespaces are there under CI', () => {
  if (process.env['CI']) expect(there, 'root and iproute2').toBe(true);
});

// Most of their time they wait for leases to run out: each has a network of its own.
describe.skipIf(!there)('a network that', { concurrent: true }, () => {
  it('is cut for less than the lease costs no attempt', async ({ onTestFinished }) => {
    const scene = await startScene('short', onTestFinished);
    const heal = scene.hosts.cut(HOST);
    const before = scene.events().length;
    await until('the other host works on', () => scene.events().length > before + 40);
    heal();
    await until('the host is back', () => endsOn(scene.events(), 'one', before) > 2);
    await scene.finish();
    expect(ends(scene.events()).map(({ end }) => end)).not.toContain('lost');
  });

  it.for<[string, (hosts: NetworkHosts) => () => void]>([
    ['is cut for longer', ({ cut }) => cut(HOST)],
    ['carries one way only', ({ deafen }) => deafen(HOST, COORDINATOR)],
    ['carries the other way only', ({ deafen }) => deafen(COORDINATOR, HOST)],
    ['refuses every connection', ({ reject }) => reject(HOST, COORDINATOR)],
  ])(
    '%s gives the host’s trials to others, and takes the host back later',
    async ([what, harm], { onTestFinished }) => {
      const scene = await startScene(what.replaceAll(' ', '-'), onTestFinished);
      const heal = harm(scene.hosts);
      const before = scene.events().length;
      const lost = () => ends(scene.events()).filter(({ end }) => end === 'lost');
      await until('its trials are given up', () => lost().length > 0, LIMIT_MS);
      const given = lost().map(({ trial }) => trial);
      await until(
        'others run them',
        () => given.every((trial) => hasEnded(scene.events(), trial)),
        LIMIT_MS,
      );
      heal();
      await until('it works again', () => endsOn(scene.events(), 'one', before) > 2, LIMIT_MS);
      await scene.finish();
    },
  );
});

interface Scene {
  hosts: NetworkHosts;
  events(): StudyEvent[];
  /** Ends the study and looks at its log. */
  finish(): Promise<void>;
}

async function startScene(
  study: string,
  onTestFinished: (clean: () => Promise<void>) => void,
): Promise<Scene> {
  const folder = newFolder('hosts');
  const cluster = newCluster(folder);
  const hosts = networkHosts(3);
  onTestFinished(async () => {
    await cluster.close();
    hosts.close();
    closeFolder(folder);
  });
  const host = hosts.address(COORDINATOR);
  const { url } = await cluster.serve({ host, place: hosts.place(COORDINATOR) });
  cluster.worker(url, 'one', hosts.place(HOST));
  cluster.worker(url, 'two', hosts.place(OTHER));
  writeFileSync(join(folder, 'study.yaml'), studyFile(study));
  const submitted = cluster.start(['submit', 'study.yaml', '--on', url], hosts.place(OTHER));
  expect(await submitted.finished).toMatchObject({ code: 0, stderr: '' });
  const events = () => eventsIn(folder, study);
  await until('both hosts work', () => {
    const soFar = events();
    return endsOn(soFar, 'one') > 2 && endsOn(soFar, 'two') > 2;
  });
  return {
    hosts,
    events,
    async finish() {
      const stop = cluster.start(['study', 'stop', study], hosts.place(COORDINATOR));
      expect(await stop.finished).toMatchObject({ code: 0, stderr: '' });
      await until('the end', () => events().at(-1)?.kind === 'run-ended');
      checkLog(events(), EPOCHS);
      expect(await runCommand(['replay', study], folder)).toMatchObject({ code: 0 });
    },
  };
}

function ends(events: StudyEvent[]): Extract<StudyEvent, { kind: 'attempt-ended' }>[] {
  return events.filter((event) => event.kind === 'attempt-ended');
}

function hasEnded(events: StudyEvent[], trial: number): boolean {
  return events.some((event) => event.kind === 'trial-ended' && event.trial === trial);
}

/** Attempts that came to a result on the worker after that event. */
function endsOn(events: StudyEvent[], worker: string, after = 0): number {
  return ends(events).filter(
    ({ id, end, use }) => id > after && end === 'completed' && use?.worker === worker,
  ).length;
}

const program = `for epoch in ${Array.from({ length: EPOCHS }, (_, i) => i + 1).join(' ')}; do
  echo "{\\"epoch\\": $epoch, \\"loss\\": $1}"
  sleep 0.1
done`;

function studyFile(name: string): string {
  return `
name: ${name}
objective: { metric: loss, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
fidelity: { metric: epoch, min: 1, max: ${EPOCHS} }
scheduler: fifo
sampler: random
budget: { trials: 1000000 }
command: [sh, -c, ${JSON.stringify(program)}, sh, "{x}"]
seed: 1
`;
}
