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
  const { program } = console;
  print(console, [
    ...submittedLines(submitted),
    '',
    'Follow it, show it once, end it:',
    `  ${program} run ${shown}`,
    `  ${program} study show ${shown}`,
    `  ${program} study stop ${shown}`,
  ]);
  return 0;
}
