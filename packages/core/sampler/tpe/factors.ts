import { axisOf } from '../../space/axis.ts';
import type { SearchSpace } from '../../space/search-space.ts';
import type { Parameter } from '../../space/study-spec.ts';
import { scaleOf } from '../scale.ts';
import { logGaussMass } from '../../numerics/truncated-normal.ts';
import { choiceKernels, type ChoiceKernels } from './choice-kernels.ts';
import type { Place, Role } from './kernels.ts';
import {
  cellAround,
  cellOf,
  numericKernels,
  onScale,
  type NumericKernels,
} from './numeric-kernels.ts';

/** The factors of one mixture by kind, in the order in which narrowing by them pays. */
export interface Factors {
  readonly continuous: readonly NumericKernels[];
  readonly choices: readonly ChoiceKernels[];
  readonly stepped: readonly NumericKernels[];
  /** Those with and without steps. */
  readonly numeric: readonly NumericKernels[];
  /** Parameters with a single value. */
  readonly fixed: readonly { index: number; coordinate: number }[];
}

/**
 * The parameters by blocks: those with the same condition are active together and are modelled
 * jointly; the first block of a flat space is all of it. In an order that puts every block after
 * the parents it asks for. (Optuna 5.0.0 models each conditional parameter alone.)
 */
export function blocksOf(space: SearchSpace): number[][] {
  const blocks = new Map<string, number[]>();
  space.parameters.forEach((parameter, index) => {
    const condition = JSON.stringify(parameter.when ?? {});
    const block = blocks.get(condition) ?? [];
    block.push(index);
    blocks.set(condition, block);
  });
  return [...blocks.values()];
}

/** Of the parameters with these indices, without observations. */
export function factorsOf(
  parameters: readonly Parameter[],
  block: readonly number[],
  role: Role,
): Factors {
  const continuous: NumericKernels[] = [];
  const choices: ChoiceKernels[] = [];
  const stepped: NumericKernels[] = [];
  const fixed: { index: number; coordinate: number }[] = [];
  block.forEach((index, draw) => {
    const parameter = parameters[index]!;
    const place: Place = { index, draw: draw + 1 };
    const axis = axisOf(parameter);
    const scale = scaleOf(parameter);
    if (axis.cells === 1 || (scale !== undefined && scale.from === scale.to)) {
      fixed.push({ index, coordinate: axis.fromUnit(0.5) });
    } else if (scale !== undefined) {
      (scale.step > 0 ? stepped : continuous).push(numericKernels(place, scale, axis, role));
    } else {
      choices.push(choiceKernels(place, axis.cells, weightsOf(parameter)));
    }
  });
  return { continuous, choices, stepped, numeric: [...continuous, ...stepped], fixed };
}

function weightsOf(parameter: Parameter): readonly number[] | undefined {
  if (!('prior' in parameter) || parameter.prior === undefined) return undefined;
  return 'weights' in parameter.prior ? parameter.prior.weights : undefined;
}

/** ln of the prior's density. */
export function logPriorOf(factors: Factors, coordinates: Float64Array): number {
  const { continuous } = factors;
  let sum = 0;
  for (let d = 0; d < continuous.length; d++) {
    const c = continuous[d]!;
    const { mean, sd, constant } = c.prior;
    const z = (onScale(c, coordinates[c.index]!) - mean) / sd;
    sum += constant - 0.5 * z * z;
  }
  return withOtherPriors(factors, coordinates, sum);
}

/** The sum, and what the parameters add to it that are not continuous. */
export function withOtherPriors(
  { choices, stepped }: Factors,
  coordinates: Float64Array,
  sum: number,
): number {
  for (let i = 0; i < choices.length; i++) {
    const { index, logPrior } = choices[i]!;
    sum += logPrior[coordinates[index]!]!;
  }
  for (let i = 0; i < stepped.length; i++) {
    const c = stepped[i]!;
    sum += priorOfCell(c, coordinates[c.index]!);
  }
  return sum;
}

function priorOfCell(c: NumericKernels, coordinate: number): number {
  const cell = cellOf(c, coordinate);
  const known = c.priors?.[cell] ?? NaN;
  if (!Number.isNaN(known)) return known;
  const { mean, sd, constant } = c.prior;
  const [left, right] = cellAround(c, coordinate);
  const logPrior = constant + logGaussMass((left - mean) / sd, (right - mean) / sd);
  if (c.priors !== undefined) c.priors[cell] = logPrior;
  return logPrior;
}
