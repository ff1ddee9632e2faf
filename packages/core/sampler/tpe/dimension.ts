import { axisOf } from '../../space/axis.ts';
import type { SearchSpace } from '../../space/search-space.ts';
import type { Parameter } from '../../space/study-spec.ts';
import { scaleOf } from '../scale.ts';
import { choiceKernels } from './choice-kernels.ts';
import { fixedKernels, type Kernels } from './kernels.ts';
import { numericKernels } from './numeric-kernels.ts';

/** A parameter of the space as a factor of mixtures. */
export interface Dimension {
  /** Its place in coordinates. */
  readonly index: number;
  kernels(observed: Float64Array): Kernels;
}

/**
 * The dimensions by blocks: parameters with the same condition are active together and are modelled
 * jointly; the first block of a flat space is all of it. In an order that puts every block after
 * the parents it asks for. (Optuna 5.0.0 models each conditional parameter alone.)
 */
export function blocksOf(space: SearchSpace): Dimension[][] {
  const blocks = new Map<string, Dimension[]>();
  space.parameters.forEach((parameter, index) => {
    const condition = JSON.stringify(parameter.when ?? {});
    const block = blocks.get(condition) ?? [];
    block.push({ index, kernels: kernelsOf(parameter) });
    blocks.set(condition, block);
  });
  return [...blocks.values()];
}

function kernelsOf(parameter: Parameter): Dimension['kernels'] {
  const axis = axisOf(parameter);
  const scale = scaleOf(parameter);
  if (axis.cells === 1 || (scale !== undefined && scale.from === scale.to)) {
    const only = axis.fromUnit(0.5);
    return () => fixedKernels(only);
  }
  if (scale !== undefined) return (observed) => numericKernels(observed, scale, axis);
  const weights =
    'prior' in parameter && parameter.prior !== undefined && 'weights' in parameter.prior
      ? parameter.prior.weights
      : undefined;
  return (observed) => choiceKernels(observed, axis.cells, weights);
}
