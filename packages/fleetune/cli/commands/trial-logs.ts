import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { fail } from '@fleetune/core';
import { logFiles } from '@fleetune/worker';
import { filesFolder } from '../../session/open-session.ts';
import type { Invocation } from '../manual/page.ts';
import { countOption } from './option.ts';
import { withTrial } from './trial-argument.ts';

export async function trialLogs(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const chosen = countOption(options, 'attempt');
  const { folder, attempt, number } = await withTrial(invocation, ({ argument, row, trial }) => ({
    folder: join(filesFolder(argument.database, row.name), String(trial.number)),
    attempt: chosen ?? trial.attempts,
    number: trial.number,
  }));
  const files = logFiles(folder, attempt);
  if (files.length === 0) throw fail('trial.no-log', folder, { trial: number, attempt });
  for (const file of files) {
    for await (const chunk of createReadStream(file)) console.stdout.write(chunk as Buffer);
  }
  return 0;
}
