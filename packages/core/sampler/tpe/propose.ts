import type { RandomStream } from '../../numerics/random-stream.ts';
import { lawful } from '../../space/lawful.ts';
import { isUsed, type History } from '../history.ts';
import { jointLogDensity, sampleJoint } from './joint.ts';
import { priorKernel } from './kernels.ts';
import type { Mixture } from './mixture.ts';
import type { Block } from './model.ts';
import { contenders } from './screen.ts';

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
  blocks: readonly Block[];
  stream: RandomStream;
  candidates: number;
  /** Blocks make one kernel of a trial, not each its own. */
  joint: boolean;
  /** False once a finite space is used up. */
  freshOnly: boolean;
  /** Where drafts are made, again and again: to allocate them costs as much as to fill them. */
  room: Drafts;
}

/**
 * Block by block, the best by score of the candidates that break no constraint so far and, once
 * they complete the params, are not used yet. Where lawful params are too rare to be drawn, the
 * best of a few repaired draws. Undefined when the model finds none.
 */
export function propose(search: Search): Proposal | undefined {
  if (search.joint) return bestJoint(search) ?? repaired(search);
  for (let attempt = 0; attempt < (search.blocks.length === 1 ? 1 : attempts); attempt++) {
    const proposal = bestByBlocks(search);
    if (proposal !== undefined) return proposal;
  }
  return repaired(search);
}

function repaired(search: Search): Proposal | undefined {
  return search.history.space.constraints.length > 0 ? bestRepaired(search) : undefined;
}

/** The best of candidates for all blocks at once. */
function bestJoint(search: Search): Proposal | undefined {
  const nothing = new Float64Array(search.history.space.dimensions).fill(NaN);
  let best: Proposal | undefined;
  const draw = (drafts: readonly Float64Array[]): number[] => {
    for (const coordinates of drafts) drawJoint(search, coordinates);
    return [];
  };
  for (const coordinates of drawDrafts(search, search.blocks.length - 1, nothing, draw)) {
    const score = jointScore(search, coordinates);
    if (best === undefined || score > best.score) best = { coordinates, score };
  }
  return best && { ...best, coordinates: best.coordinates.slice() };
}

function drawJoint(search: Search, coordinates: Float64Array): void {
  const belows = function* (): Iterable<Mixture> {
    for (let b = 1; b < search.blocks.length; b++) {
      if (activeFrom(search, b, coordinates) === b) yield search.blocks[b]!.below;
    }
  };
  sampleJoint(search.blocks[0]!.below, belows, search.stream, coordinates);
}

function jointScore(search: Search, coordinates: Float64Array): number {
  const [root, ...others] = search.blocks.filter((_, b) => {
    return activeFrom(search, b, coordinates) === b;
  });
  const [l, g] = (['below', 'above'] as const).map((side) =>
    jointLogDensity(
      root![side],
      others.map((block) => block[side]),
      coordinates,
    ),
  );
  return l! - g!;
}

function bestByBlocks(search: Search): Proposal | undefined {
  const { space } = search.history;
  const coordinates = new Float64Array(space.dimensions).fill(NaN);
  let score = 0;
  let b = activeFrom(search, 0, coordinates);
  while (b < search.blocks.length) {
    const best = bestCandidate(search, b, coordinates);
    if (best === undefined) return undefined;
    coordinates.set(best.coordinates);
    score += best.score;
    b = activeFrom(search, b + 1, coordinates);
  }
  return { coordinates, score };
}

/** The first active block from b on; the number of blocks when there is none. */
function activeFrom({ history, blocks }: Search, b: number, coordinates: Float64Array): number {
  while (b < blocks.length && !history.space.active(blocks[b]!.first, coordinates)) b++;
  return b;
}

/** One of the drafts. */
function bestCandidate(search: Search, b: number, soFar: Float64Array): Proposal | undefined {
  const block = search.blocks[b]!;
  const draw = (drafts: readonly Float64Array[]): Int32Array => {
    return block.below.sample(search.stream, drafts);
  };
  return bestOf(block, drawDrafts(search, b, soFar, draw), search.room.kernels);
}

/** Of one call of `drawDrafts`, until the next one. */
export interface Drafts {
  readonly coordinates: Float64Array[];
  /** The kernels of l that made them. */
  readonly kernels: number[];
}

/** `draw` fills in block b, the last one that is drawn, and says which kernels it used, if any. */
function drawDrafts(
  search: Search,
  b: number,
  soFar: Float64Array,
  draw: (drafts: readonly Float64Array[]) => ArrayLike<number>,
): Float64Array[] {
  const { candidates, freshOnly } = search;
  const { coordinates, kernels } = search.room;
  const all = !freshOnly && search.history.space.constraints.length === 0;
  let found = 0;
  let draws = 0;
  while (found < candidates) {
    const left = (found === 0 ? patience : longPatience) * candidates - draws;
    if (left <= 0) break;
    // As many as are missing: none is drawn in vain.
    const end = found + Math.min(left, candidates - found);
    draws += end - found;
    for (let i = found; i < end; i++) {
      if (i === coordinates.length) coordinates.push(new Float64Array(soFar.length));
      coordinates[i]!.set(soFar);
    }
    const used = draw(coordinates.slice(found, end));
    for (let i = found, drawn = 0; i < end; i++, drawn++) {
      const draft = coordinates[i]!;
      if (!all && !isCandidate(search, b, draft)) continue;
      coordinates[i] = coordinates[found]!;
      coordinates[found] = draft;
      kernels[found++] = used[drawn] ?? priorKernel;
    }
  }
  return coordinates.slice(0, found);
}

/** Lawful so far, and if nothing is to come after block b, not used. */
function isCandidate(search: Search, b: number, coordinates: Float64Array): boolean {
  // A parameter that is still to come counts as inactive, and a constraint that names one holds.
  if (!search.history.space.satisfies(coordinates)) return false;
  if (!search.freshOnly) return true;
  const complete = activeFrom(search, b + 1, coordinates) === search.blocks.length;
  return !complete || !isUsed(search.history, coordinates);
}

interface Candidate {
  coordinates: Float64Array;
  draw: number;
  logPrior: number;
  /** ln l, or up to `coarse` less. */
  logBelow: number;
  /** The score is at most that. */
  bound: number;
}

/** Error of ln l and of ln g while candidates are sorted out. */
const coarse = 0.05;

/** The candidate with the highest score, the first drawn of equal ones; `kernels`: those of l that made them, where they are known. */
function bestOf(
  block: Block,
  drafts: readonly Float64Array[],
  kernels?: readonly number[],
): Proposal | undefined {
  const screened = drafts.length < 2 ? undefined : contenders(block, drafts);
  let best: { draw: number; proposal: Proposal } | undefined;
  for (const draw of screened ?? boundedContenders(block, drafts, kernels)) {
    const coordinates = drafts[draw]!;
    const logPrior = block.below.logPrior(coordinates);
    const logBelow = block.below.logDensity(coordinates, logPrior);
    const score = logBelow - block.above.logDensity(coordinates, logPrior);
    const better = best === undefined || score > best.proposal.score;
    if (better || (score === best?.proposal.score && draw < best.draw)) {
      best = { draw, proposal: { coordinates, score } };
    }
  }
  return best?.proposal;
}

/**
 * Which drafts can have the highest score. Branch and bound: g, which has by far the most kernels, is looked at in the
 * order of the bounds and only until a candidate is known to be worse than the best so far.
 */
function boundedContenders(
  block: Block,
  drafts: readonly Float64Array[],
  kernels: readonly number[] | undefined,
): number[] {
  const candidates = candidatesOf(block, drafts, kernels);
  /** The highest score is at least that. */
  let reached = -Infinity;
  for (const candidate of candidates) {
    const { coordinates, logPrior, logBelow } = candidate;
    if (candidate.bound < reached) break;
    const enough = logBelow + coarse - reached;
    const logAbove = block.above.logDensity(coordinates, logPrior, { error: coarse, enough });
    candidate.bound = logBelow + coarse - logAbove;
    reached = Math.max(reached, candidate.bound - 2 * coarse);
  }
  return candidates.filter(({ bound }) => bound >= reached).map(({ draw }) => draw);
}

/** By bound, the highest first: with ln g at its least, the prior's part of it. */
function candidatesOf(
  { below, above }: Block,
  drafts: readonly Float64Array[],
  kernels: readonly number[] | undefined,
): Candidate[] {
  const logPriorWeight = above.logPriorWeight();
  return drafts
    .map((coordinates, draw) => {
      const logPrior = below.logPrior(coordinates);
      const first = kernels?.[draw];
      const precision = first === undefined ? { error: coarse } : { error: coarse, first };
      const logBelow = below.logDensity(coordinates, logPrior, precision);
      const bound = logBelow + coarse - logPriorWeight - logPrior;
      return { coordinates, draw, logPrior, logBelow, bound };
    })
    .sort((a, b) => b.bound - a.bound || a.draw - b.draw);
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
  if (search.joint) {
    drawJoint(search, coordinates);
    return coordinates;
  }
  search.blocks.forEach(({ below }, b) => {
    if (activeFrom(search, b, coordinates) === b) below.sample(search.stream, [coordinates]);
  });
  return coordinates;
}

function scoreOf(search: Search, coordinates: Float64Array): number {
  if (search.joint) return jointScore(search, coordinates);
  return search.blocks.reduce((sum, block, b) => {
    if (activeFrom(search, b, coordinates) !== b) return sum;
    return sum + bestOf(block, [coordinates])!.score;
  }, 0);
}
