import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillCommand } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import type { Assignment } from '@fleetune/protocol';
import type { Guard } from '../guard/guard.ts';
import type { AttemptSink, Runner, RunningAttempt } from '../runner.ts';
import type { Spawner } from '../spawner/spawner.ts';
import type { TrialServer } from '../trial-server/trial-server.ts';
import { checkpointRequestFile } from './checkpoint-request.ts';
import { prepareTrial, type PreparedTrial, type TrialStart } from './command-trial.ts';
import { trialFolder } from './log-file.ts';
import { metricsFileOf } from './metric-source.ts';
import { createOomWatch, type OomWatch } from './out-of-memory.ts';
import {
  inheritedEnvironment,
  trialEnvironment,
  type TrialAccess,
  type TrialPlaces,
} from './trial-environment.ts';

export interface CommandRunnerOptions {
  clock: Clock;
  server: TrialServer;
  guard: Guard;
  spawner: Spawner;
  /** Every trial's mark begins so: `<owner>.<worker>.`; the owner's part is what `sweepOrphans` looks for. */
  markPrefix: string;
  /** The folder of fleetune.py, found by Python programs through PYTHONPATH. */
  clientFolder?: string;
  environment?: NodeJS.ProcessEnv;
  oom?: OomWatch;
}

/** Runs each trial as a process group of its own (DESIGN §9). */
export function commandRunner(options: CommandRunnerOptions): Runner {
  const { clock, server, guard, spawner, oom = createOomWatch() } = options;
  const inherited = inheritedEnvironment(options.environment ?? process.env);
  const settling = new Set<Promise<void>>();
  const readying = createTurns();
  const trialOf = new WeakMap<RunningAttempt, PreparedTrial>();
  let trials = 0;

  function startOf(assignment: Assignment, access: TrialAccess, mark: string): TrialStart {
    const { program, trial, attempt } = assignment;
    const places = makePlaces(assignment);
    const { clientFolder } = options;
    const env = trialEnvironment({ assignment, inherited, clientFolder, places, access, mark });
    const [file, ...args] = argvOf(assignment);
    return {
      process: { file: file!, args, cwd: program.cwd, env },
      folder: trialFolder(program.files, trial),
      checkpointFolder: places.checkpointFolder,
      attempt,
      metricsFile: places.metricsFile,
      mark,
    };
  }

  function newTrial(assignment: Assignment): PreparedTrial {
    trials += 1;
    const mark = `${options.markPrefix}${trials}`;
    return prepareTrial(assignment, { clock, server, guard, spawner, oom }, (access) =>
      startOf(assignment, access, mark),
    );
  }

  function start(trial: PreparedTrial, sink: AttemptSink): RunningAttempt {
    const running = trial.start(sink);
    trialOf.set(running, trial);
    settling.add(running.settled);
    void running.settled.finally(() => settling.delete(running.settled));
    return running;
  }

  return {
    start: (assignment, sink) => start(newTrial(assignment), sink),
    prepare(assignment, before) {
      const trial = newTrial(assignment);
      const cancel = readying.add(() => trial.makeReady(before && trialOf.get(before)));
      return {
        begun: () => trial.begun(),
        start(sink) {
          cancel();
          return start(trial, sink);
        },
        discard(done) {
          cancel();
          trial.discard(done);
        },
      };
    },
    async close() {
      await Promise.all(settling);
      await spawner.close();
      await guard.close();
      await server.close();
    },
  };
}

/** One thing per turn of the event loop: what happens meanwhile, such as the end of a trial, is not held up by all. */
function createTurns() {
  const waiting = new Set<() => void>();
  function next(): void {
    const [first] = waiting;
    if (first === undefined) return;
    waiting.delete(first);
    first();
    if (waiting.size > 0) setImmediate(next);
  }
  return {
    /** The answer takes it out again. */
    add(work: () => void): () => void {
      waiting.add(work);
      if (waiting.size === 1) setImmediate(next);
      return () => void waiting.delete(work);
    },
  };
}

/** Makes the files and folders that the program may count on. */
function makePlaces({ program, params, trial }: Assignment): TrialPlaces {
  const folder = trialFolder(program.files, trial);
  const checkpointFolder = join(folder, 'checkpoint');
  mkdirSync(checkpointFolder, { recursive: true });
  const paramsFile = join(folder, 'params.json');
  writeFileSync(paramsFile, `${JSON.stringify(params)}\n`);
  const metricsFile = metricsFileOf(program, folder);
  return {
    paramsFile,
    checkpointFolder,
    checkpointRequest: checkpointRequestFile(folder),
    ...(metricsFile !== undefined && { metricsFile }),
  };
}

function argvOf({ program, params }: Assignment): string[] {
  if (program.command === undefined) throw new Error('the study has no command');
  // Params hold the active parameters only, in the order of the space.
  const parameters = Object.keys(params).map((name) => ({ name }));
  const filled = fillCommand(program.command, params, { parameters });
  return 'argv' in filled ? filled.argv : ['/bin/sh', '-c', filled.shell];
}
