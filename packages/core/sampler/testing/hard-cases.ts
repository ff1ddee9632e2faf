// Inputs that break samplers, as cases without a test framework like those of sampler-contract.ts:
// no crash, no endless loop, always a lawful suggestion.

import { assert } from '../../errors/index.ts';
import { randomStream, type RandomStream } from '../../numerics/random-stream.ts';
import { searchSpace, type SearchSpace } from '../../space/search-space.ts';
import type { Parameter, Params } from '../../space/study-spec.ts';
import type { SamplerMaker } from '../create-sampler.ts';
import type { Outcome, Sampler } from '../sampler.ts';

const trials = 24;

const float = (name: string, low: number, high: number, log = false): Parameter => {
  return { name, type: 'float', low, high, log };
};
const int = (name: string, low: number, high: number, log = false): Parameter => {
  return { name, type: 'int', low, high, step: 1, log };
};
const choice = (name: string, count: number): Parameter => {
  return { name, type: 'categorical', choices: Array.from({ length: count }, (_, k) => k) };
};

/** Of every kind in turn; every tenth depends on a choice before it. */
function manyParameters(count: number): Parameter[] {
  return Array.from({ length: count }, (_, i): Parameter => {
    const when = i % 10 === 9 ? { when: { [`p${i - 7}`]: [0, 1] } } : {};
    if (i % 5 === 0) return { ...float(`p${i}`, 1e-6, 1, true), ...when };
    if (i % 5 === 1) return { ...int(`p${i}`, -3, 3), ...when };
    if (i % 5 === 2) return { ...choice(`p${i}`, 4), ...when };
    return { ...float(`p${i}`, -1, 1), ...when };
  });
}

/** Large ones, each once. */
const largeSpaces: Record<string, () => SearchSpace> = {
  'a million choices': () => searchSpace([choice('k', 1e6), float('x', 0, 1)], []),
  'a thousand parameters': () => searchSpace(manyParameters(1000), []),
};

const hardSpaces: Record<string, () => SearchSpace> = {
  'no parameter at all': () => searchSpace([], []),
  'one point': () =>
    searchSpace([{ name: 'c', type: 'constant', value: null }, choice('k', 1)], []),
  'two points': () => searchSpace([{ name: 'b', type: 'boolean' }], []),
  'huge numbers': () =>
    searchSpace(
      [
        float('wide', -8e307, 8e307),
        float('logs', 1e-307, 1e308, true),
        int('whole', -9e15, 9e15),
        int('count', 1, 9e15, true),
      ],
      [],
    ),
  'tiny ranges': () =>
    searchSpace(
      [
        float('denormal', 0, 5e-324),
        float('one', 1, 1 + 2 ** -52),
        float('close', 1e9, 1e9 + 1e-6),
      ],
      [],
    ),
};

const hardLosses = [-Infinity, -1e308, -1, 0, 5e-324, 1, 1e308, Infinity, NaN];

export type Respond = (stream: RandomStream) => Outcome;

const hardOutcomes: Record<string, Respond> = {
  'all fail': () => ({ state: 'failed' }),
  'all values are equal': () => ({ state: 'completed', loss: 3 }),
  'values are of every size': everySize,
};

function everySize(stream: RandomStream): Outcome {
  const loss = hardLosses[stream.int(hardLosses.length)]!;
  return stream.int(3) === 0 ? { state: 'stopped', loss, step: 1 } : { state: 'completed', loss };
}

/** A completed trial with as many losses: its own and any others. */
function withLosses(outcome: Outcome, objectives: number, stream: RandomStream): Outcome {
  if (outcome.state !== 'completed' || objectives === 1) return outcome;
  const other = () => hardLosses[stream.int(hardLosses.length)]!;
  return { ...outcome, losses: [outcome.loss, ...Array.from({ length: objectives - 1 }, other)] };
}

/** `make` gives a sampler without history. */
export function samplerHardCases(make: SamplerMaker): { title: string; check(): void }[] {
  const cases = Object.entries(hardSpaces).flatMap(([name, space]) =>
    Object.entries(hardOutcomes).map(([what, respond]) => ({
      title: `${name}, and ${what}`,
      check: () => severalRuns(make, space(), respond, 5),
    })),
  );
  const large = Object.entries(largeSpaces).map(([title, space]) => ({
    title,
    check: () => hardRun(make, space(), everySize, 5),
  }));
  return [...cases, ...large];
}

/** Studies with one objective, with few and with many. */
export function severalRuns(
  make: SamplerMaker,
  space: SearchSpace,
  respond: Respond,
  seed: number,
): void {
  for (const objectives of [1, 2, 5]) hardRun(make, space, respond, seed, objectives);
}

/**
 * A study in which three trials are always pending, and in which others observe the same params
 * again.
 */
function hardRun(
  make: SamplerMaker,
  space: SearchSpace,
  respond: Respond,
  seed: number,
  objectives = 1,
): void {
  const sampler = make(space, seed, objectives);
  const stream = randomStream(seed, 0, 'hard');
  const outcome = () => withLosses(respond(stream), objectives, stream);
  const open: { trial: number; params: Params }[] = [];
  // Trials of people come between, with numbers of their own.
  let number = 0;
  for (let turn = 0; turn < trials; turn++) {
    const trial = number++;
    const params = lawfulParams(sampler, space, trial);
    if (params === undefined) return;
    sampler.observe({ trial, params, outcome: { state: 'pending' } });
    open.push({ trial, params });
    if (stream.int(4) === 0) {
      sampler.observe({ trial: number++, params: { ...params }, outcome: outcome() });
    }
    if (open.length > 3) sampler.observe({ ...open.shift()!, outcome: outcome() });
  }
}

/** Undefined when the sampler is exhausted. */
function lawfulParams(sampler: Sampler, space: SearchSpace, trial: number): Params | undefined {
  const suggestion = sampler.suggest(trial);
  if ('exhausted' in suggestion) {
    const { text } = suggestion.reason;
    assert(space.size !== Infinity || sampler.name === 'grid', `trial ${trial}: ${text}`);
    return undefined;
  }
  // Throws where a value is outside, missing or inactive.
  const coordinates = space.fromParams(suggestion.params);
  assert(space.satisfies(coordinates), `trial ${trial} breaks a constraint`);
  return suggestion.params;
}
