import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { fail } from '@fleetune/core';
import { logFiles } from '@fleetune/worker';
import { filesFolder } from '../../session/open-session.ts';
import type { Invocation } from '../manual/page.ts';
import { countOption, textOption } from './option.ts';
import { namedTrial } from './trial-argument.ts';

export async function trialLogs(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const chosen = countOption(options, 'attempt');
  const { argument, studies, number } = await namedTrial(invocation);
  const { attempts } = await studies.trial(argument.name, number);
  const elsewhere = textOption(options, 'files');
  const files =
    elsewhere === undefined
      ? filesFolder(argument.database, argument.name)
      : join(resolve(console.cwd, elsewhere), argument.name);
  const folder = join(files, String(number));
  const attempt = chosen ?? attempts;
  const logs = logFiles(folder, attempt);
  if (logs.length === 0) throw fail('trial.no-log', folder, { trial: number, attempt });
  for (const file of logs) {
    for await (const chunk of createReadStream(file)) console.stdout.write(chunk as Buffer);
  }
  return 0;
}
