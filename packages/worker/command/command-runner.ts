import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillCommand } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import type { Assignment } from '@fleetune/protocol';
import type { Guard } from '../guard/guard.ts';
import type { AttemptSink, Runner, RunningAttempt } from '../runner.ts';
import type { TrialServer } from '../trial-server/trial-server.ts';
import { runTrial, type TrialStart } from './command-trial.ts';
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
  /** Every trial's mark begins so: `<owner>.<worker>.`; the owner's part is what `sweepOrphans` looks for. */
  markPrefix: string;
  /** The folder of fleetune.py, found by Python programs through PYTHONPATH. */
  clientFolder?: string;
  environment?: NodeJS.ProcessEnv;
  oom?: OomWatch;
}

/** Runs each trial as a process group of its own (DESIGN §9). */
export function commandRunner(options: CommandRunnerOptions): Runner {
  const { clock, server, guard, oom = createOomWatch() } = options;
  const inherited = inheritedEnvironment(options.environment ?? process.env);
  const settling = new Set<Promise<void>>();
  const prepared = new WeakMap<Assignment, TrialPlaces>();
  let started = 0;

  function prepare(assignment: Assignment, access: TrialAccess, mark: string): TrialStart {
    const { program, trial, attempt } = assignment;
    const places = prepared.get(assignment) ?? makePlaces(assignment);
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

  return {
    prepare(assignment) {
      try {
        prepared.set(assignment, makePlaces(assignment));
      } catch {
        // The start tries again, and tells.
      }
    },
    start(assignment: Assignment, sink: AttemptSink): RunningAttempt {
      started += 1;
      const mark = `${options.markPrefix}${started}`;
      const trial = runTrial(assignment, sink, { clock, server, guard, oom }, (access) =>
        prepare(assignment, access, mark),
      );
      settling.add(trial.settled);
      void trial.settled.finally(() => settling.delete(trial.settled));
      return trial;
    },
    async close() {
      await Promise.all(settling);
      await guard.close();
      await server.close();
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
