import { fail } from '@fleetune/core';
import { print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { flag } from './option.ts';
import { namedStudy } from './study-argument.ts';

export async function studyDelete(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const { argument, studies } = await namedStudy(invocation);
  const { name } = argument;
  if (!flag(options, 'yes')) {
    throw fail('cli.usage', 'study delete', {
      problem: `this removes "${name}" and its history for ever; add --yes to do it`,
      command: 'study delete',
    });
  }
  await studies.remove(name);
  if (flag(options, 'json')) printJson(console, { study: name, deleted: true });
  else print(console, [`${name} is deleted`]);
  return 0;
}
