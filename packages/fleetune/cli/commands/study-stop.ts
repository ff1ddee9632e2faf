import { openStudies } from '../../session/studies.ts';
import { print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { flag } from './option.ts';
import { studyArgument } from './study-argument.ts';

export async function studyStop(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const { name, database } = studyArgument(invocation);
  await openStudies(database).stop(name, 'stopped with "fleetune study stop"');
  if (flag(options, 'json')) printJson(console, { study: name, stopping: true });
  else print(console, [`${name} is stopping: running trials keep their value so far`]);
  return 0;
}
