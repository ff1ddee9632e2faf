import type { RandomStream } from '../../numerics/random-stream.ts';
import { lawful } from '../../space/lawful.ts';
import { isUsed, type History } from '../history.ts';
import type { Dimension } from './dimension.ts';
import { fitModel, type Model } from './model.ts';
import type { Split } from './split.ts';

/**
 * Whole proposals to try where a later block may turn out to have nothing lawful after an earlier
 * choice.
 */
const attempts = 8;
/** Draws per candidate before giving up: without a single find, and in all. */
const [patience, longPatience] = [4, 16];
const repairs = 4;

export interface Proposal {
  coordinates: Float64Array;
  /** ln l − ln g, summed over the active blocks. */
  score: number;
}

interface Search {
  history: History;
  blocks: readonly (readonly Dimension[])[];
  modelOf(block: number): Model;
  stream: RandomStream;
  candidates: number;
  /** False once a finite space is used up. */
  freshOnly: boolean;
}

/**
 * Block by block, the best by score of the candidates that break no constraint so far and, once
 * they complete the params, are not used yet. Where lawful params are too rare to be drawn, the
 * best of a few repaired draws. Undefined when the model finds none.
 */
export function propose(
  history: History,
  blocks: readonly (readonly Dimension[])[],
  parts: Split,
  stream: RandomStream,
  options: { candidates: number; freshOnly: boolean },
): Proposal | undefined {
  const models = new Map<number, Model>();
  const modelOf = (b: number): Model => {
    const model = models.get(b) ?? fitModel(history, blocks[b]!, parts);
    models.set(b, model);
    return model;
  };
  const search: Search = { history, blocks, modelOf, stream, ...options };
  for (let attempt = 0; attempt < (blocks.length === 1 ? 1 : attempts); attempt++) {
    const proposal = bestByBlocks(search);
    if (proposal !== undefined) return proposal;
  }
  return history.space.constraints.length > 0 ? bestRepaired(search) : undefined;
}

function bestByBlocks(search: Search): Proposal | undefined {
  const { space } = search.history;
  let proposal: Proposal = { coordinates: new Float64Array(space.dimensions).fill(NaN), score: 0 };
  let b = activeFrom(search, 0, proposal.coordinates);
  while (b < search.blocks.length) {
    const best = bestCandidate(search, b, proposal);
    if (best === undefined) return undefined;
    proposal = best;
    b = activeFrom(search, b + 1, proposal.coordinates);
  }
  return proposal;
}

/** The first active block from b on; the number of blocks when there is none. */
function activeFrom({ history, blocks }: Search, b: number, coordinates: Float64Array): number {
  while (b < blocks.length && !history.space.active(blocks[b]![0]!.index, coordinates)) b++;
  return b;
}

function bestCandidate(search: Search, b: number, soFar: Proposal): Proposal | undefined {
  const { history, stream, candidates } = search;
  const { below, above } = search.modelOf(b);
  let best: Proposal | undefined;
  let found = 0;
  for (let draw = 0; found < candidates; draw++) {
    if (draw >= (found === 0 ? patience : longPatience) * candidates) break;
    const coordinates = Float64Array.from(soFar.coordinates);
    below.sample(stream, coordinates);
    // A parameter that is still to come counts as inactive, and a constraint that names one holds.
    if (!history.space.satisfies(coordinates)) continue;
    const complete = activeFrom(search, b + 1, coordinates) === search.blocks.length;
    if (complete && !isWanted(search, coordinates)) continue;
    found++;
    const score = soFar.score + below.logDensity(coordinates) - above.logDensity(coordinates);
    if (best === undefined || score > best.score) best = { coordinates, score };
  }
  return best;
}

function isWanted({ history, freshOnly }: Search, coordinates: Float64Array): boolean {
  return !freshOnly || !isUsed(history, coordinates);
}

function bestRepaired(search: Search): Proposal | undefined {
  const { space } = search.history;
  let best: Proposal | undefined;
  for (let repair = 0; repair < repairs; repair++) {
    const coordinates = lawful(space, () => space.toUnit(drawFromBelow(search)));
    if (coordinates === undefined || !isWanted(search, coordinates)) continue;
    const score = scoreOf(search, coordinates);
    if (best === undefined || score > best.score) best = { coordinates, score };
  }
  return best;
}

function drawFromBelow(search: Search): Float64Array {
  const coordinates = new Float64Array(search.history.space.dimensions).fill(NaN);
  search.blocks.forEach((_, b) => {
    if (activeFrom(search, b, coordinates) !== b) return;
    search.modelOf(b).below.sample(search.stream, coordinates);
  });
  return coordinates;
}

function scoreOf(search: Search, coordinates: Float64Array): number {
  return search.blocks.reduce((sum, _, b) => {
    if (activeFrom(search, b, coordinates) !== b) return sum;
    const { below, above } = search.modelOf(b);
    return sum + below.logDensity(coordinates) - above.logDensity(coordinates);
  }, 0);
}
