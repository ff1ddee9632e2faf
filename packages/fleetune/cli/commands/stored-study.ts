import { fail, parseDuration, type StudySpec } from '@fleetune/core';
import type { Overrides } from '../study-file/read-study-file.ts';
import { withStore } from './study-argument.ts';

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
