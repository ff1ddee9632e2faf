// CatCMA with margin: an evolution strategy for numbers, numbers with steps and choices together.
// Hamano et al.: arXiv 2504.07884; the parts are in the files beside this one.
//
// It learns from trials whenever enough have ended, in whatever order, and draws from what it knows
// when it is asked: a slow trial holds nobody up.
//
//   symbol       meaning
//   λ            samples of a generation, by default 4 + ⌊3 ln N⌋
//   P            trials that are pending
//   generation   counted over all runs

import { randomStream } from '../../numerics/random-stream.ts';
import type { SearchSpace } from '../../space/search-space.ts';
import { createHistory, observe, type Learnt, type Observed } from '../history.ts';
import type { Change, Sampler } from '../sampler.ts';
import { createUnused } from '../unused.ts';
import { encodingOf } from '../encoding.ts';
import { newRestarts, nextStart, type RestartRule } from './restarts.ts';
import { advance, behind, draw, isOver, newRun, populationOf, unitOf } from './run.ts';
import type { Drawn, Run } from './run.ts';
import type { Member } from './selection.ts';
import { startByPriors, startByTrials } from './warm-start.ts';

export interface CmaEsOptions {
  /** Samples of a generation; absent: by the number of parameters. */
  population?: number;
  /** Standard deviation of the first samples, as a share of a range. */
  width: number;
  /** Learning rates adapt to noise in the losses. */
  noisy: boolean;
  restarts: RestartRule;
}

const NAME = 'cma-es';
/** Samples of so many generations ago are still near the distribution. */
const GENERATIONS = 2;

/** What would be suggested for a trial, and what was drawn for it. */
interface Proposal {
  coordinates: Float64Array;
  /** Undefined when it is not what the model drew: constraints or repeats forbade that. */
  drawn: Drawn | undefined;
}

export function createCmaEs(space: SearchSpace, seed: number, options: CmaEsOptions): Sampler {
  const history = createHistory(space);
  const unused = createUnused(history);
  const encoding = encodingOf(space);
  const lambda = populationOf(encoding, options.population);
  const restarts = newRestarts(lambda);
  const { noisy, width } = options;
  /** Until a trial of its own is pending, the start follows what others found. */
  let begun: Run | undefined;
  let unbegun: Run | undefined;
  const open = new Map<number, Member>();
  let gathered: Member[] = [];
  let generation = 0;
  let version = 0;
  let last: { version: number; trial: number; proposal: Proposal } | undefined;
  const unit = new Float64Array(space.dimensions).fill(0.5);

  const current = (): Run => {
    if (begun !== undefined) return begun;
    if (unbegun === undefined) {
      const others = startByTrials(space, encoding, [...history.trials.values()]);
      const start = others ?? startByPriors(encoding, width);
      unbegun = newRun(encoding, start, { number: 0, lambda, limit: Infinity, noisy });
    }
    return unbegun;
  };

  const proposalFor = (trial: number): Proposal => {
    if (last?.trial === trial && last.version === version) return last.proposal;
    const run = current();
    const stream = randomStream(seed, trial, NAME);
    let drawn: Drawn | undefined;
    const coordinates = unused.draw(stream, () => {
      drawn = draw(run, encoding, stream);
      unitOf(encoding, drawn, unit);
      return unit;
    });
    const is = drawn !== undefined && isSame(space.fromUnit(unit), coordinates);
    last = { version, trial, proposal: { coordinates, drawn: is ? drawn : undefined } };
    return last.proposal;
  };

  const memberOf = ({ trial, coordinates, outcome }: Observed, proposal?: Proposal): Member => {
    const own = proposal?.drawn !== undefined && isSame(proposal.coordinates, coordinates);
    const stream = () => randomStream(seed, trial, `${NAME} behind`);
    const drawn = own
      ? proposal.drawn!
      : behind(current(), encoding, coordinates, space.toUnit(coordinates), stream());
    return { trial, generation, ...drawn, own, outcome };
  };

  /** Adds what has ended to the generation, and closes it when it is full. */
  const gather = (member: Member): void => {
    if (member.generation < generation - GENERATIONS) return;
    gathered.push({ ...member, own: member.own && member.generation === generation });
    const run = current();
    // Many pending trials are as many samples of one distribution: they are worth one generation.
    const needed = Math.max(run.lambda, Math.min(2 * open.size, 4 * run.lambda));
    if (gathered.length < needed) return;
    advance(run, encoding, gathered);
    gathered = [];
    generation += 1;
    if (isOver(run, encoding)) restart(run);
  };

  const restart = (ended: Run): void => {
    const number = ended.number + 1;
    const stream = randomStream(seed, number, `${NAME} restart`);
    const { start, ...size } = nextStart(restarts, ended, {
      encoding,
      rule: options.restarts,
      width,
      stream,
    });
    begun = newRun(encoding, start, { number, ...size, noisy });
    // Samples of the run that is over belong to no generation of this one.
    generation += GENERATIONS;
  };

  const learn = ({ before, after }: Learnt, own: boolean, proposal?: Proposal): void => {
    const trial = (after ?? before)?.trial;
    if (trial === undefined) return;
    const member = open.get(trial);
    const ended = after !== undefined && after.outcome.state !== 'pending';
    if (ended || after === undefined) open.delete(trial);
    if (!own) unbegun = undefined;
    if (before !== undefined && before.outcome.state !== 'pending') {
      const corrected = gathered.find((one) => one.trial === trial);
      if (ended && corrected !== undefined) corrected.outcome = after.outcome;
      if (ended) return;
      gathered = gathered.filter((one) => one !== corrected);
    }
    if (after === undefined) return;
    if (!ended) {
      if (!own || member !== undefined) return;
      begun ??= current();
      open.set(trial, memberOf(after, proposal));
    } else if (member !== undefined) {
      gather({ ...member, outcome: after.outcome });
    } else if (before === undefined && own) {
      begun ??= current();
      gather(memberOf(after));
    } else if (begun !== undefined && isBetter(after, begun)) {
      gather(memberOf(after));
    }
  };

  return {
    name: NAME,
    observe(change) {
      const own = isOwn(change);
      const fresh = own && change.outcome.state === 'pending' && !history.trials.has(change.trial);
      const proposal = fresh ? proposalFor(change.trial) : undefined;
      version += 1;
      learn(observe(history, change), own, proposal);
    },
    suggest(trial) {
      const { coordinates } = proposalFor(trial);
      const { number, normal, lambda: size } = current();
      const text =
        `Drawn by run ${number + 1} of the evolution strategy after ${generation} generations ` +
        `(${size} trials each, step ${Number(normal.sigma.toPrecision(3))}).`;
      return { params: space.toParams(coordinates), sampler: NAME, reason: { code: NAME, text } };
    },
  };
}

function isOwn({ sampler }: Change): boolean {
  return sampler === undefined || sampler === NAME;
}

function isBetter({ outcome }: Observed, run: Run): boolean {
  return outcome.state === 'completed' && outcome.loss < run.best;
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.every((x, d) => Object.is(x, b[d]));
}
