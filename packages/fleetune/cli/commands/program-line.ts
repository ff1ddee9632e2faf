import { isAbsolute, relative } from 'node:path';
import { fillCommand, searchSpace, shellQuote, type Params, type StudySpec } from '@fleetune/core';

/**
 * The line for a shell in folder `cwd` that runs the program with these params; absent for studies
 * without a command.
 */
export function programLine(spec: StudySpec, params: Params, cwd: string): string | undefined {
  if (spec.command === undefined) return undefined;
  const filled = fillCommand(spec.command, params, searchSpace(spec.space, spec.constraints));
  const line = 'shell' in filled ? filled.shell : filled.argv.map(shellQuote).join(' ');
  const folder = relative(cwd, spec.cwd);
  if (folder === '') return line;
  const target = isAbsolute(folder) || folder.startsWith('../..') ? spec.cwd : folder;
  return `cd ${shellQuote(target)} && ${line}`;
}
