import type { Clock, Logger, Random } from '@fleetune/platform';
import { hostname } from 'node:os';
import { commandRunner } from './command/command-runner.ts';
import { createLocalizer, type LocalFolders } from './command/local-program.ts';
import { localGuard } from './guard/local-guard.ts';
import { spawnWatchdog } from './guard/watchdog.ts';
import type { Runner } from './runner.ts';
import { setupRunner } from './setup/setup-runner.ts';
import { localSpawner } from './spawner/local-spawner.ts';
import type { Spawner } from './spawner/spawner.ts';
import { startTrialServer } from './trial-server/trial-server.ts';

export interface StartOptions extends LocalFolders {
  clock: Clock;
  random: Random;
  log: Logger;
  /** Who owns these trials, e.g. a hash of the database's path: what `sweepOrphans(owner)` finds again. */
  owner: string;
  /** The folder of fleetune.py. */
  clientFolder?: string;
  /** Starts `runWatchdog(process.stdin)`; without it nothing outlives the worker's death by kill -9 but its trials. */
  watchdog?: readonly [string, ...string[]];
  /** Without it programs are started from this process. */
  spawner?: Spawner;
}

/** Everything that running commands needs: the door for clients, the guard against orphans. */
export async function startCommandRunner(options: StartOptions): Promise<Runner> {
  const {
    clock,
    random,
    log,
    owner,
    clientFolder,
    watchdog,
    spawner = localSpawner(clock),
  } = options;
  const markPrefix = `${owner}.${random.id(9)}.`;
  const guard =
    watchdog === undefined
      ? localGuard(markPrefix, clock)
      : spawnWatchdog({ argv: watchdog, markPrefix, log });
  const server = await startTrialServer(random);
  const commands = commandRunner({
    clock,
    server,
    guard,
    spawner,
    markPrefix,
    ...(clientFolder !== undefined && { clientFolder }),
  });
  const local = createLocalizer(options, log);
  const runner = setupRunner(commands, { host: hostname(), clock, log });
  return {
    ...runner,
    start: (assignment, sink) => runner.start(local(assignment), sink),
    prepare: (assignment, before) => runner.prepare!(local(assignment), before),
  };
}
