import { dirname, join, relative, resolve } from 'node:path';
import type { Invocation } from '../manual/page.ts';
import { textOption } from './option.ts';

const DATABASE = 'fleetune.db';

/** The database of commands that take no study file. */
export function databaseFile(options: Invocation['options'], cwd: string): string {
  return resolve(cwd, textOption(options, 'db') ?? DATABASE);
}

/** Of a study file. */
export function databaseBeside(file: string): string {
  return join(dirname(file), DATABASE);
}

/** A path as the user would write it: short, from the current folder. */
export function shownPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('../..') ? path : short;
}
