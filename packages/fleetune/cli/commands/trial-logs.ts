import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { fail } from '@fleetune/core';
import { logFiles } from '@fleetune/worker';
import { filesFolder } from '../../session/open-session.ts';
import type { Invocation } from '../manual/page.ts';
import { countOption } from './option.ts';
import { namedTrial } from './trial-argument.ts';

export async function trialLogs(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const chosen = countOption(options, 'attempt');
  const { argument, studies, number } = namedTrial(invocation);
  const { attempts } = await studies.trial(argument.name, number);
  const folder = join(filesFolder(argument.database, argument.name), String(number));
  const attempt = chosen ?? attempts;
  const files = logFiles(folder, attempt);
  if (files.length === 0) throw fail('trial.no-log', folder, { trial: number, attempt });
  for (const file of files) {
    for await (const chunk of createReadStream(file)) console.stdout.write(chunk as Buffer);
  }
  return 0;
}
