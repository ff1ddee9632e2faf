// What every sampler promises, as cases without a test framework: `for (const { title, check } of
// samplerContract(make)) test(title, check)`. A failed check throws and names the seed.

import { assert } from '../../errors/index.ts';
import { randomStream, type RandomStream } from '../../numerics/random-stream.ts';
import { searchSpace, type SearchSpace } from '../../space/search-space.ts';
import type { Params } from '../../space/study-spec.ts';
import type { SamplerMaker } from '../create-sampler.ts';
import type { Change, Outcome, Sampler } from '../sampler.ts';
import { contractSpaces } from './contract-spaces.ts';

const seeds = [1, 2, 3];
const trials = 30;

type Make = (space: SearchSpace, seed: number) => Sampler;

/** `maker` gives a sampler without history. */
export function samplerContract(maker: SamplerMaker): { title: string; check(): void }[] {
  const make: Make = (space, seed) => maker(space, seed, 1);
  const everywhere = Object.entries(contractSpaces).flatMap(([name, { space, finite }]) => [
    {
      title: `${name}: suggestions are inside the space and satisfy its constraints`,
      check: () => eachRun(make, space, mixedOutcome, () => undefined),
    },
    {
      title: `${name}: a suggestion depends on seed, trial number and history alone`,
      check: () => eachRun(make, space, mixedOutcome, sameWhenReplayed(make, space)),
    },
    ...(finite
      ? [
          {
            title: `${name}: nothing is repeated while anything is left`,
            check: () => seeds.forEach((seed) => usesUp(make(space, seed), space, seed)),
          },
        ]
      : []),
  ]);
  const hard = contractSpaces['every kind']!.space;
  const outcomes = Object.entries(hardOutcomes).map(([name, outcome]) => ({
    title: `it goes on when ${name}`,
    check: () => eachRun(make, hard, outcome, () => undefined),
  }));
  return [
    ...everywhere,
    ...outcomes,
    ...Object.entries(severalLosses).map(([name, { objectives, respond }]) => {
      const several: Make = (space, seed) => maker(space, seed, objectives);
      return {
        title: `it goes on, and depends on seed, trial number and history alone, when there are ${name}`,
        check: () => eachRun(several, hard, respond, sameWhenReplayed(several, hard)),
      };
    }),
    { title: 'trials of another space are no obstacle', check: () => ignoresStrangers(make) },
  ];
}

type Respond = (stream: RandomStream, trial: number) => Outcome;

const loss = (value: number): Outcome => ({ state: 'completed', loss: value });

const mixedOutcome: Respond = (stream) => {
  const kind = stream.int(10);
  if (kind === 0) return { state: 'pending' };
  if (kind === 1) return { state: 'failed' };
  if (kind === 2) return { state: 'infeasible' };
  if (kind === 3) return { state: 'removed' };
  if (kind < 6) return { state: 'stopped', loss: stream.normal(), step: 1 + stream.int(3) };
  return loss(stream.normal());
};

const hardOutcomes: Record<string, Respond> = {
  'every trial fails': () => ({ state: 'failed' }),
  'every trial is infeasible': () => ({ state: 'infeasible' }),
  'every trial is stopped': (_, trial) => ({ state: 'stopped', loss: trial, step: 1 }),
  'nothing ever ends': () => ({ state: 'pending' }),
  'all losses are equal': () => loss(1),
  'all losses are Infinity': () => loss(Infinity),
  'all losses are -Infinity': () => loss(-Infinity),
  'all losses are NaN': () => loss(NaN),
  'losses are of every size': (stream) =>
    loss([-Infinity, -1e308, 0, 5e-324, 1e308, Infinity][stream.int(6)]!),
};

const several = (losses: readonly number[], violation = 0): Outcome => {
  return { state: 'completed', loss: losses[0]!, losses, violation };
};

function hardLosses(objectives: number): Respond {
  return (stream) => {
    const hard = [-Infinity, 0, 1e308, Infinity, NaN][stream.int(5)]!;
    const others = Array.from({ length: objectives - 3 }, () => stream.normal());
    const violation = [0, 0.5, 1e308, Infinity][stream.int(4)]!;
    return several([stream.normal(), stream.int(3), hard, ...others], violation);
  };
}

const severalLosses: Record<string, { objectives: number; respond: Respond }> = {
  'three losses, and outcomes break constraints': { objectives: 3, respond: hardLosses(3) },
  'nine losses, and outcomes break constraints': { objectives: 9, respond: hardLosses(9) },
  'two losses of trials of every state': {
    objectives: 2,
    respond: (stream, trial) => {
      const outcome = mixedOutcome(stream, trial);
      return outcome.state === 'completed' ? several([outcome.loss, stream.int(2)]) : outcome;
    },
  },
  'two losses that are equal throughout': { objectives: 2, respond: () => several([1, 1]) },
  'two losses, one of them constant': {
    objectives: 2,
    respond: (stream) => several([stream.normal(), 0]),
  },
};

/**
 * One study per seed: every suggestion is checked, becomes pending and gets its outcome two trials
 * later.
 */
function eachRun(
  make: Make,
  space: SearchSpace,
  respond: Respond,
  visit: (run: { seed: number; trial: number; params: Params; changes: Change[] }) => void,
): void {
  for (const seed of seeds) {
    const sampler = make(space, seed);
    const stream = randomStream(seed, 0, 'contract');
    const changes: Change[] = [];
    const open: Change[] = [];
    const observe = (change: Change) => {
      sampler.observe(change);
      changes.push(change);
    };
    for (let trial = 0; trial < trials; trial++) {
      const params = suggested(sampler, space, seed, trial);
      if (params === undefined) return;
      visit({ seed, trial, params, changes });
      observe({ trial, params, outcome: { state: 'pending' } });
      open.push({ trial, params, outcome: respond(stream, trial) });
      if (open.length > 2) observe(open.shift()!);
    }
  }
}

/** The checked params of a suggestion; undefined when the sampler is exhausted. */
function suggested(
  sampler: Sampler,
  space: SearchSpace,
  seed: number,
  trial: number,
): Params | undefined {
  const suggestion = sampler.suggest(trial);
  const { code, text } = suggestion.reason;
  const place = `seed ${seed}, trial ${trial}: ${JSON.stringify(suggestion)}`;
  assert(code !== '' && text !== '', `a reason is missing: ${place}`);
  if ('exhausted' in suggestion) return undefined;
  assert(suggestion.sampler !== '', `the sampler's name is missing: ${place}`);
  const coordinates = space.fromParams(suggestion.params);
  assert(space.satisfies(coordinates), `a constraint is broken: ${place}`);
  const canonical = space.key(space.toParams(coordinates));
  assert(space.key(suggestion.params) === canonical, `a value is off its grid: ${place}`);
  return suggestion.params;
}

function sameWhenReplayed(make: Make, space: SearchSpace) {
  return (run: { seed: number; trial: number; params: Params; changes: Change[] }): void => {
    if (run.trial % 7 !== 3 && run.trial !== trials - 1) return;
    const again = make(space, run.seed);
    // Asking changes nothing.
    again.suggest(run.trial + 1);
    // What crossed a log as JSON is the same knowledge.
    for (const change of run.changes) {
      const params = JSON.parse(JSON.stringify(change.params)) as Params;
      again.observe({ ...change, params });
    }
    const before = space.key(run.params);
    const after = again.suggest(run.trial);
    const same = 'params' in after && space.key(after.params) === before;
    assert(same, `seed ${run.seed}, trial ${run.trial}: ${before} is ${JSON.stringify(after)}`);
  };
}

/** Pending, done and failed trials all count as used; once all are, a repeat or `exhausted`. */
function usesUp(sampler: Sampler, space: SearchSpace, seed: number): void {
  const lawfulKeys = countLawful(space);
  const seen = new Set<string>();
  const outcomes: Outcome[] = [{ state: 'pending' }, loss(1), { state: 'failed' }];
  for (let trial = 0; trial < lawfulKeys + 5; trial++) {
    const params = suggested(sampler, space, seed, trial);
    if (params === undefined) {
      assert(seen.size === lawfulKeys, `seed ${seed}: exhausted after ${seen.size}`);
      return;
    }
    const key = space.key(params);
    const fresh = !seen.has(key);
    assert(fresh || seen.size === lawfulKeys, `seed ${seed}, trial ${trial}: ${key} again`);
    seen.add(key);
    sampler.observe({ trial, params, outcome: outcomes[trial % outcomes.length]! });
  }
}

/** By a covering of the unit cube that is fine enough for the spaces of this contract. */
function countLawful(space: SearchSpace): number {
  const stream = randomStream(0, 0, 'count');
  const keys = new Set<string>();
  for (let i = 0; i < 2_000; i++) {
    const coordinates = space.fromUnit(
      Float64Array.from({ length: space.dimensions }, () => stream.next()),
    );
    if (space.satisfies(coordinates)) keys.add(space.key(space.toParams(coordinates)));
  }
  return keys.size;
}

function ignoresStrangers(make: Make): void {
  const space = searchSpace([{ name: 'x', type: 'int', low: 1, high: 9, step: 1, log: false }], []);
  for (const seed of seeds) {
    const sampler = make(space, seed);
    const strangers: Params[] = [{}, { y: 1 }, { x: 99 }, { x: 'a' }];
    strangers.forEach((params, trial) => sampler.observe({ trial, params, outcome: loss(0) }));
    assert(suggested(sampler, space, seed, 4) !== undefined, `seed ${seed}: nothing to suggest`);
  }
}
