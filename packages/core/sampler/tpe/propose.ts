import type { RandomStream } from '../../numerics/random-stream.ts';
import { isUsed, type History } from '../history.ts';
import type { Dimension } from './dimension.ts';
import { parzen, type Parzen } from './parzen.ts';
import type { Split } from './split.ts';

const attempts = 8;
/** Draws per candidate before the block gives up finding lawful and new ones. */
const patience = 16;

export interface Proposal {
  coordinates: Float64Array;
  /** ln l − ln g, summed over the active blocks. */
  score: number;
}

/**
 * Block by block, the best by score of the candidates that break no constraint so far and, once they complete the
 * params, are not used yet. Undefined when the model finds none.
 */
export function propose(
  history: History,
  blocks: readonly (readonly Dimension[])[],
  parts: Split,
  stream: RandomStream,
  candidates: number,
): Proposal | undefined {
  const models = new Map<number, Model>();
  const modelOf = (b: number): Model => {
    const model = models.get(b) ?? fitModel(history, blocks[b]!, parts);
    models.set(b, model);
    return model;
  };
  for (let attempt = 0; attempt < attempts; attempt++) {
    const proposal = propose1(history, blocks, modelOf, stream, candidates);
    if (proposal !== undefined) return proposal;
  }
  return undefined;
}

export interface Model {
  below: Parzen;
  above: Parzen;
}

/** The densities of one block, from the trials in which it is active. */
export function fitModel(history: History, block: readonly Dimension[], parts: Split): Model {
  const estimate = (rows: readonly number[]): Parzen => {
    const first = history.columns[block[0]!.index]!;
    const active = rows.filter((row) => !Number.isNaN(first[row]!));
    return parzen(
      block,
      block.map(({ index }) => Float64Array.from(active, (row) => history.columns[index]![row]!)),
    );
  };
  return { below: estimate(parts.below), above: estimate(parts.above) };
}

function propose1(
  history: History,
  blocks: readonly (readonly Dimension[])[],
  modelOf: (b: number) => Model,
  stream: RandomStream,
  candidates: number,
): Proposal | undefined {
  const { space } = history;
  const activeFrom = (b: number, coordinates: Float64Array): number => {
    while (b < blocks.length && !space.active(blocks[b]![0]!.index, coordinates)) b++;
    return b;
  };
  let proposal: Proposal = { coordinates: new Float64Array(space.dimensions).fill(NaN), score: 0 };
  let b = activeFrom(0, proposal.coordinates);
  while (b < blocks.length) {
    const admissible = (coordinates: Float64Array): boolean => {
      if (!space.satisfies(coordinates)) return false;
      const complete = activeFrom(b + 1, coordinates) === blocks.length;
      return !complete || space.size === Infinity || !isUsed(history, coordinates);
    };
    const best = bestCandidate(modelOf(b), proposal, admissible, stream, candidates);
    if (best === undefined) return undefined;
    proposal = best;
    b = activeFrom(b + 1, proposal.coordinates);
  }
  return proposal;
}

function bestCandidate(
  { below, above }: Model,
  soFar: Proposal,
  admissible: (coordinates: Float64Array) => boolean,
  stream: RandomStream,
  candidates: number,
): Proposal | undefined {
  let best: Proposal | undefined;
  let found = 0;
  for (let draw = 0; found < candidates && draw < patience * candidates; draw++) {
    const coordinates = Float64Array.from(soFar.coordinates);
    below.sample(stream, coordinates);
    if (!admissible(coordinates)) continue;
    found++;
    const score = soFar.score + below.logDensity(coordinates) - above.logDensity(coordinates);
    if (best === undefined || score > best.score) best = { coordinates, score };
  }
  return best;
}
