import { print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { flag } from './option.ts';
import { submitStudy, submittedLines } from './submission.ts';

export async function submit(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const submitted = await submitStudy(invocation);
  const { name, address, state, created, changes, shown } = submitted;
  if (flag(options, 'json')) {
    printJson(console, { study: name, on: address.url, state, created, changes });
    return 0;
  }
  print(console, [
    ...submittedLines(submitted),
    '',
    'Follow it, show it once, end it:',
    `  fleetune run ${shown}`,
    `  fleetune study show ${shown}`,
    `  fleetune study stop ${shown}`,
  ]);
  return 0;
}
