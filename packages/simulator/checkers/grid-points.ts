import { searchSpace, type Params } from '@fleetune/core';
import type { MakeChecker, WatchedStudy } from './watch.ts';

/** A grid has each of its points tried once, and is exhausted when all are. */
export const gridPoints: MakeChecker = (_world, broken) => {
  const studies = new Map<string, Map<string, number>>();
  return {
    onEvent(event, study) {
      const { name, state } = study;
      const visited = studies.get(name) ?? new Map<string, number>();
      studies.set(name, visited);
      // Another space, or another sampler, is another grid; a trial that told nothing leaves its point.
      if (event.kind === 'spec-changed') visited.clear();
      if (event.kind === 'trial-discarded' || event.kind === 'trial-ended') {
        const { params, state: ended, value } = state.trials[event.trial]!;
        const toldNothing = ended === 'stopped' && value === undefined;
        if (ended === 'cancelled' || toldNothing) visited.delete(keyOf(params));
      }
      if (event.kind === 'trial-created' && event.sampler === 'grid') {
        const key = keyOf(event.params);
        const before = visited.get(key);
        if (before !== undefined) broken(`${name}: trials ${before} and ${event.trial} are alike`);
        visited.set(key, event.trial);
      }
      if (event.kind === 'run-ended' && event.end === 'exhausted') {
        const missing = unvisited(study, new Set(visited.values()));
        if (missing !== undefined) broken(`${name} is exhausted without ${missing}`);
      }
    },
  };
};

function keyOf(params: Params): string {
  return JSON.stringify(Object.entries(params).sort());
}

/** Of the points between those that were tried: each value of one parameter with each of the others. */
function unvisited({ state }: WatchedStudy, ofGrid: ReadonlySet<number>): string | undefined {
  const { spec, trials } = state;
  const space = searchSpace(spec!.space, spec!.constraints);
  const visited = new Set(trials.map(({ params }) => keyOf(params)));
  const tried = [...ofGrid].map((trial) => trials[trial]!.params);
  let points: Params[] = [{}];
  for (const { name } of spec!.space) {
    const values = new Set(tried.filter((params) => name in params).map((params) => params[name]!));
    if (values.size === 0) continue;
    points = points.flatMap((point) => [...values].map((value) => ({ ...point, [name]: value })));
  }
  for (const point of points) {
    const active = activeIn(space, point);
    if (active !== undefined && !visited.has(keyOf(active))) return JSON.stringify(active);
  }
  return undefined;
}

/** Without what its conditions leave out; undefined where it breaks a constraint, or an edited space. */
function activeIn(space: ReturnType<typeof searchSpace>, point: Params): Params | undefined {
  try {
    const coordinates = space.fromParams(point);
    return space.satisfies(coordinates) ? space.toParams(coordinates) : undefined;
  } catch {
    return undefined;
  }
}
