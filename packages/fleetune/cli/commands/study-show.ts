import { studyStatus } from '@fleetune/core';
import { hasColour, print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { renderStatus } from '../view/render-status.ts';
import { flag } from './option.ts';
import { storedState } from './stored-study.ts';
import { withStudy } from './study-argument.ts';

export async function studyShow(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const state = await withStudy(invocation, ({ store, row }) => storedState(store, row.id));
  const status = studyStatus(state, state.run === undefined ? state.lastAt : console.now());
  if (flag(options, 'json')) {
    printJson(console, status);
    return 0;
  }
  const width = console.stdout.columns || 100;
  const size = { width, height: Infinity, now: console.now() };
  print(console, renderStatus(status, { ...size, colour: hasColour(console.stdout, console.env) }));
  return 0;
}
