// A worker process for the watchdog's tests: runs two endless trials until it is killed. argv: a folder, where the
// trials write their process ids, and each watchdog its own.

import { join } from 'node:path';
import { silentLogger, systemClock, systemRandom } from '@fleetune/platform/node';
import type { Program } from '@fleetune/protocol';
import { spawnSpawner } from '../spawner/spawner-process.ts';
import { startCommandRunner } from '../start-command-runner.ts';
import { createWorker } from '../worker.ts';
import { fakeCoordinator } from './fake-coordinator.ts';

const folder = process.argv[2]!;
const ports = { clock: systemClock, random: systemRandom, log: silentLogger };
const coordinator = fakeCoordinator();
const runner = await startCommandRunner({
  ...ports,
  owner: 'watchdog-test',
  watchdog: [process.execPath, join(import.meta.dirname, 'watchdog.ts'), folder],
  spawner: spawnSpawner({
    ...ports,
    argv: [process.execPath, join(import.meta.dirname, 'spawner.ts')],
  }),
});
const worker = createWorker({
  ...ports,
  link: coordinator.link,
  slots: 2,
  host: 'here',
  pid: process.pid,
  runner,
});

const write = (name: string): string =>
  `open(${JSON.stringify(name)} + ".new", "w").write(str(os.getpid())); ` +
  `os.rename(${JSON.stringify(name)} + ".new", ${JSON.stringify(name)})`;
const scripts = [
  `import os, time; ${write('plain')}; time.sleep(600)`,
  `import os, time\nif os.fork() == 0:\n  os.setsid()\n  ${write('escaped')}\ntime.sleep(600)`,
];
scripts.forEach((script, index) => {
  const program: Program = {
    command: ['python3', '-c', script],
    cwd: folder,
    env: {},
    metrics: { from: 'stdout-json' },
    kept: ['acc'],
    limits: { graceMs: 1000 },
    files: join(folder, 'files'),
  };
  coordinator.offer({
    study: 's',
    trial: index,
    attempt: 1,
    createdAt: 0,
    params: {},
    leaseMs: 15_000,
    program,
  });
});
await worker.run();
