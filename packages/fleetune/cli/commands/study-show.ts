import { hostname } from 'node:os';
import { studyStatus } from '@fleetune/core';
import { isLiving, type Store } from '@fleetune/coordinator/store';
import { hasColour, print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { renderStatus } from '../view/render-status.ts';
import { flag } from './option.ts';
import { storedState } from './stored-study.ts';
import { withStudy } from './study-argument.ts';

export async function studyShow(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const { state, owned } = await withStudy(invocation, ({ store, row }) => ({
    state: storedState(store, row.id),
    owned: hasLivingOwner(store),
  }));
  // After a kill the log still says "running"; its time ended with its last sign of life.
  const interrupted = state.run !== undefined && !owned;
  const last = state.run?.aliveAt ?? state.lastAt;
  const now = state.run === undefined || interrupted ? last : console.now();
  const status = studyStatus(state, now);
  if (flag(options, 'json')) {
    printJson(console, { ...status, interrupted });
    return 0;
  }
  const hint = interrupted
    ? 'Interrupted: the process that ran it is gone. "fleetune run" goes on with it.'
    : '';
  const size = { width: console.stdout.columns || 100, height: Infinity, now };
  const colour = hasColour(console.stdout, console.env);
  print(console, renderStatus(status, { ...size, colour }, { hint }));
  return 0;
}

function hasLivingOwner(store: Store): boolean {
  const owner = store.owner();
  return owner !== undefined && isLiving(owner, hostname());
}
