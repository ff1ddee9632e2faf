import { createHash } from 'node:crypto';
import { fail, readStudy } from '@fleetune/core';
import { inputErrors } from '../study-file/input-errors.ts';
import type { Overrides, StudyFile } from '../study-file/read-study-file.ts';
import { parseParameterFlag } from './parameter-flag.ts';

export interface AdHocFlags {
  param: readonly string[];
  maximize?: string;
  minimize?: string;
  /** What follows `--`. */
  command: readonly string[];
}

/** Trials of a study that names no budget (DESIGN §15.8). */
const DEFAULT_TRIALS = 100;

/**
 * A study without a file: named by a hash of its space, objective and command, so that the same
 * line goes on with it.
 */
export function adHocStudy(
  flags: AdHocFlags,
  overrides: Omit<Overrides, 'seed'>,
  seed: number,
  cwd: string,
): StudyFile {
  const { command, maximize, minimize } = flags;
  if (flags.param.length === 0) {
    throw fail('cli.usage', 'run', {
      problem: 'name a study file, or at least one --param for a study without a file',
      command: 'run',
    });
  }
  if ((maximize === undefined) === (minimize === undefined)) {
    throw fail('cli.usage', 'run', {
      problem: 'a study without a file needs one of --maximize METRIC and --minimize METRIC',
      command: 'run',
    });
  }
  if (command.length === 0) {
    throw fail('cli.usage', 'run', {
      problem: 'a study without a file needs its command after "--"',
      command: 'run',
    });
  }
  const space: Record<string, unknown> = {};
  for (const text of flags.param) {
    const { name, ...parameter } = parseParameterFlag(text);
    if (Object.hasOwn(space, name)) {
      throw fail('cli.param', `--param ${text}`, { problem: `"${name}" is there twice` });
    }
    space[name] = parameter;
  }
  const objective = {
    metric: maximize ?? minimize,
    direction: maximize === undefined ? 'minimize' : 'maximize',
  };
  const hash = createHash('sha256').update(JSON.stringify([space, objective, command]));
  const { trials, time } = overrides;
  const budget = {
    ...(trials === undefined && time !== undefined ? {} : { trials: trials ?? DEFAULT_TRIALS }),
    ...(time === undefined ? {} : { time }),
  };
  const file = {
    name: `adhoc-${hash.digest('hex').slice(0, 8)}`,
    objective,
    space,
    command: [...command],
    budget,
  };
  const read = readStudy(file, { cwd, seed });
  if ('spec' in read) return { file, spec: read.spec };
  throw inputErrors(read.errors);
}
