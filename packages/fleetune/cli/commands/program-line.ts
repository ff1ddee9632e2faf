import { isAbsolute, relative } from 'node:path';
import {
  fillCommand,
  searchSpace,
  shellQuote,
  unnamedParams,
  type Params,
  type StudySpec,
} from '@fleetune/core';
import { clientFolder } from '../../session/installed.ts';

/**
 * The line for a shell in folder `cwd` that runs the program with these params, as a trial would; absent for studies
 * without a command.
 */
export function programLine(spec: StudySpec, params: Params, cwd: string): string | undefined {
  const { command } = spec;
  if (command === undefined) return undefined;
  const space = searchSpace(spec.space, spec.constraints);
  const filled = fillCommand(command, params, space);
  const environment = Object.entries(spec.env).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  // A program whose arguments lack some of its params may read them as the client does.
  const unnamed = unnamedParams(command, space).length;
  if (unnamed > 0) environment.push(['FLEETUNE_PARAMS', JSON.stringify(params)]);
  if (unnamed === space.dimensions) environment.push(['PYTHONPATH', clientFolder()]);
  const assignments = environment.map(([name, value]) => `${name}=${shellQuote(value)} `).join('');
  const program = 'shell' in filled ? shellLine(filled.shell, assignments !== '') : filled.argv;
  const line = typeof program === 'string' ? program : program.map(shellQuote).join(' ');
  return `${changeFolder(spec.cwd, cwd)}${assignments}${line}`;
}

/** Assignments before a line would reach only its first command. */
function shellLine(shell: string, assigned: boolean): string {
  return assigned ? `sh -c ${shellQuote(shell)}` : shell;
}

function changeFolder(to: string, from: string): string {
  const folder = relative(from, to);
  if (folder === '') return '';
  const target = isAbsolute(folder) || folder.startsWith('../..') ? to : folder;
  return `cd ${shellQuote(target)} && `;
}
