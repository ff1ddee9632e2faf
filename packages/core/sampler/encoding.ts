// Which parameters are numbers to the model and which are choices, and the scale of the numbers.
//
//   symbol   meaning
//   v        a number of the model: the unit coordinate, any real number for those with cells
//   cell k   the k-th value of a parameter with steps; it owns (limit(k), limit(k + 1))
// Booleans and numbers with two values are choices (Hamano et al., arXiv 2504.07884, section 5).

import { axisOf, type Axis } from '../space/axis.ts';
import type { SearchSpace } from '../space/search-space.ts';
import type { Parameter } from '../space/study-spec.ts';
import { scaleOf } from './scale.ts';

export interface NumberDimension {
  /** Of the parameter in the space. */
  readonly index: number;
  /** Infinity for a continuous one. */
  readonly cells: number;
  /** Where v is at first, and how wide: by the prior, else the middle and nothing. */
  readonly mean: number;
  readonly sd: number | undefined;
  /** The cell of v; v below and above the range belongs to the first and the last. */
  cellOf(v: number): number;
  centre(k: number): number;
  limit(k: number): number;
}

export interface ChoiceDimension {
  readonly index: number;
  readonly count: number;
  /** The user's prior. */
  readonly weights: readonly number[] | undefined;
  unitOf(k: number): number;
  choiceOf(coordinate: number): number;
  choiceOfUnit(unit: number): number;
}

export interface Encoding {
  readonly numbers: readonly NumberDimension[];
  readonly choices: readonly ChoiceDimension[];
}

/** Parameters with one value are neither: nothing is to be learnt about them. */
export function encodingOf(space: SearchSpace): Encoding {
  const numbers: NumberDimension[] = [];
  const choices: ChoiceDimension[] = [];
  space.parameters.forEach((parameter, index) => {
    const axis = axisOf(parameter);
    const { cells } = axis;
    const scale = scaleOf(parameter);
    if (cells === 1 || (scale !== undefined && scale.to <= scale.from)) return;
    if (scale === undefined || cells === 2) choices.push(choice(parameter, index, axis));
    else numbers.push(numeric(parameter, index, cells));
  });
  return { numbers, choices };
}

function choice(parameter: Parameter, index: number, axis: Axis): ChoiceDimension {
  const prior = 'prior' in parameter ? parameter.prior : undefined;
  const weights = prior !== undefined && 'weights' in prior ? prior.weights : undefined;
  return {
    index,
    count: axis.cells,
    weights,
    unitOf: (k) => axis.toUnit(axis.atCell(k)),
    choiceOf: (coordinate) => axis.cellFrom(coordinate),
    choiceOfUnit: (unit) => axis.cellFrom(axis.fromUnit(unit)),
  };
}

function numeric(parameter: Parameter, index: number, cells: number): NumberDimension {
  const { from, to, log, step, mean, sd } = scaleOf(parameter)!;
  const width = to - from;
  const low = 'low' in parameter ? parameter.low : 0;
  const informed = 'prior' in parameter && parameter.prior !== undefined;
  const unit = (value: number) => ((log ? Math.log(value) : value) - from) / width;
  const clamped = (k: number) => Math.min(cells - 1, Math.max(0, k));
  return {
    index,
    cells,
    mean: informed ? Math.min(1, Math.max(0, (mean - from) / width)) : 0.5,
    sd: informed && sd < width ? sd / width : undefined,
    cellOf(v) {
      const at = from + v * width;
      const value = log ? Math.exp(Math.min(at, to)) : at;
      return clamped(Math.round((value - low) / step));
    },
    centre: (k) => unit(low + k * step),
    limit: (k) => unit(low + (k - 0.5) * step),
  };
}
