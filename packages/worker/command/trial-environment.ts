import { readFileSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import type { Assignment, Program } from '@fleetune/protocol';
import { MARK_VARIABLE } from '../guard/mark.ts';

export interface TrialPlaces {
  paramsFile: string;
  checkpointFolder: string;
  checkpointRequest: string;
  metricsFile?: string;
}

export interface TrialAccess {
  url: string;
  token: string;
}

/** What the worker's own environment passes on; its access to the coordinator stays behind. */
export function inheritedEnvironment(source: NodeJS.ProcessEnv): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(source)) {
    if (value !== undefined && !name.startsWith('FLEETUNE_')) inherited[name] = value;
  }
  return inherited;
}

export interface EnvironmentOf {
  assignment: Assignment;
  inherited: Readonly<Record<string, string>>;
  clientFolder: string | undefined;
  places: TrialPlaces;
  access: TrialAccess;
  mark: string;
}

/** The trial's own variables win over the user's, the user's over inherited ones. Throws on a missing secret. */
export function trialEnvironment(from: EnvironmentOf): Record<string, string> {
  const { assignment, inherited, clientFolder, places, access, mark } = from;
  const { program, params, study, trial, attempt, fidelityTarget } = assignment;
  const own: Record<string, string> = {
    PYTHONUNBUFFERED: '1',
    ...inherited,
    ...userEnvironment(program, inherited),
  };
  const pythonPath = [clientFolder, own['PYTHONPATH']].filter((part) => part).join(delimiter);
  return {
    ...own,
    ...(pythonPath !== '' && { PYTHONPATH: pythonPath }),
    // The worker's own would be wrong.
    PWD: program.cwd,
    FLEETUNE_STUDY: study,
    FLEETUNE_TRIAL: String(trial),
    FLEETUNE_ATTEMPT: String(attempt),
    FLEETUNE_PARAMS: JSON.stringify(params),
    FLEETUNE_PARAMS_FILE: places.paramsFile,
    FLEETUNE_CHECKPOINT_DIR: places.checkpointFolder,
    FLEETUNE_CHECKPOINT_REQUEST: places.checkpointRequest,
    ...(places.metricsFile !== undefined && { FLEETUNE_METRICS_FILE: places.metricsFile }),
    ...(program.fidelity !== undefined && { FLEETUNE_FIDELITY: program.fidelity }),
    ...(fidelityTarget !== undefined && { FLEETUNE_FIDELITY_TARGET: String(fidelityTarget) }),
    FLEETUNE_URL: access.url,
    FLEETUNE_TOKEN: access.token,
    [MARK_VARIABLE]: mark,
  };
}

/** Secrets are looked up here, on the worker's machine, so that they are in no log and on no wire. */
function userEnvironment(
  program: Program,
  inherited: Readonly<Record<string, string>>,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(program.env)) {
    if (typeof value === 'string') values[name] = value;
    else if (value.from === 'file')
      values[name] = secretOfFile(name, resolve(program.cwd, value.name));
    else {
      const found = inherited[value.name];
      if (found === undefined) {
        throw new Error(`env.${name}: the worker's environment has no variable ${value.name}`);
      }
      values[name] = found;
    }
  }
  return values;
}

function secretOfFile(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const problem = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Error(`env.${name}: the file ${path} cannot be read (${problem})`, { cause: error });
  }
}
