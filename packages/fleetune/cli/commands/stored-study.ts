import {
  fail,
  fromSnapshot,
  emptyStudy,
  evolve,
  parseDuration,
  type StudySpec,
  type StudyState,
} from '@fleetune/core';
import type { Store } from '@fleetune/coordinator/store';
import type { Overrides } from '../study-file/read-study-file.ts';
import { withStore } from './study-argument.ts';

/** The state as the log has it now, from the last snapshot on. */
export function storedState(store: Store, study: number): StudyState {
  const snapshot = store.snapshot(study);
  let state = snapshot === undefined ? emptyStudy() : fromSnapshot(snapshot.state);
  for (const event of store.events(study, snapshot?.event ?? 0)) state = evolve(state, event);
  return state;
}

/** The spec of a study that goes by its name, with what the command line puts over it. */
export async function storedSpec(
  database: string,
  name: string,
  { trials, time, seed }: Overrides,
): Promise<StudySpec> {
  const spec = await withStore(database, (store) => store.study(name)?.spec);
  if (spec === undefined) throw fail('study.not-found', database, { name });
  const timeMs = time === undefined ? undefined : parseDuration(time);
  return {
    ...spec,
    ...(seed === undefined ? {} : { seed }),
    budget: {
      ...spec.budget,
      ...(trials === undefined ? {} : { trials }),
      ...(timeMs === undefined ? {} : { timeMs }),
    },
  };
}
