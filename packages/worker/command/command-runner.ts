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
import { inheritedEnvironment, trialEnvironment, type TrialAccess } from './trial-environment.ts';

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
  let started = 0;

  function prepare(assignment: Assignment, access: TrialAccess, mark: string): TrialStart {
    const { program, params, trial, attempt } = assignment;
    const folder = trialFolder(program.files, trial);
    const places = placesOf(assignment, folder);
    const { clientFolder } = options;
    const env = trialEnvironment({ assignment, inherited, clientFolder, places, access, mark });
    const [file, ...args] = argvOf(assignment);
    writeFileSync(places.paramsFile, `${JSON.stringify(params)}\n`);
    return {
      process: { file: file!, args, cwd: program.cwd, env },
      folder,
      checkpointFolder: places.checkpointFolder,
      attempt,
      metricsFile: places.metricsFile,
      mark,
    };
  }

  return {
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

/** The folders that the program may count on. */
function placesOf(assignment: Assignment, folder: string) {
  const checkpointFolder = join(folder, 'checkpoint');
  mkdirSync(checkpointFolder, { recursive: true });
  const metricsFile = metricsFileOf(assignment.program, folder);
  return {
    paramsFile: join(folder, 'params.json'),
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
