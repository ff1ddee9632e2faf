import { kernelsWith } from './instance.ts';

/**
 * The numbers of `randomStream` from a block of Philox on, two for each, to `values` from `from` on: as many blocks as fit,
 * by fours. Returns how many; 0 where the kernels cannot be had.
 */
export function fastFractions(
  values: Float64Array,
  from: number,
  counter: Uint32Array,
  k0: number,
  k1: number,
): number {
  const blocks = ((values.length - from) >> 3) << 2;
  const kernels = kernelsWith(2 * blocks);
  if (kernels === undefined) return 0;
  const [c0, c1, c2, c3] = [counter[0]!, counter[1]!, counter[2]!, counter[3]!];
  kernels.run.fractions(0, blocks, c0, c1, c2, c3, k0, k1);
  values.set(kernels.memory.subarray(0, 2 * blocks), from);
  return blocks;
}
