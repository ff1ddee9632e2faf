import { hasColour, print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { flag } from './option.ts';
import { namedStudy } from './study-argument.ts';

export async function studyShow(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const { argument, studies } = await namedStudy(invocation);
  const { status, at, interrupted } = await studies.status(argument.name);
  if (flag(options, 'json')) {
    printJson(console, { ...status, interrupted });
    return 0;
  }
  const { renderStatus } = await import('../view/render-status.ts');
  const hint = interrupted
    ? 'Interrupted: the process that ran it is gone. "fleetune run" goes on with it.'
    : '';
  const size = { width: console.stdout.columns || 100, height: Infinity, now: at };
  const colour = hasColour(console.stdout, console.env);
  print(console, renderStatus(status, { ...size, colour }, { hint }));
  return 0;
}
