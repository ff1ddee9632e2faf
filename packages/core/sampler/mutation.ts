// A change of one parameter, on the unit cube.
//
//   symbol   meaning
//   u        value of the parameter before
//   η_m      how near a number stays to what it was
// Numbers: Deb & Goyal, 1996 (polynomial), within bounds. Choices become any other.

import type { RandomStream } from '../numerics/random-stream.ts';
import type { ChoiceDimension, Encoding, NumberDimension } from './encoding.ts';

/** The default of pymoo 0.6. */
const ETA_MUTATION = 20;

/** Changes one parameter that is active in the coordinates. */
export function mutateOne(
  coordinates: Float64Array,
  unit: Float64Array,
  { numbers, choices }: Encoding,
  stream: RandomStream,
): void {
  const isActive = ({ index }: { index: number }) => !Number.isNaN(coordinates[index]!);
  const [some, others] = [numbers.filter(isActive), choices.filter(isActive)];
  const chosen = stream.int(some.length + others.length);
  if (chosen < some.length) mutateNumber(some[chosen]!, unit, stream);
  else if (others.length > 0) mutateChoice(others[chosen - some.length]!, unit, stream);
}

/** A step that would end in its own cell goes to the next. */
export function mutateNumber(
  { index, cells, cellOf, centre }: NumberDimension,
  unit: Float64Array,
  stream: RandomStream,
): void {
  const before = unit[index]!;
  const after = polynomial(before, stream);
  unit[index] = after;
  if (cells === Infinity) return;
  const [from, to] = [cellOf(before), cellOf(after)];
  const up = from === 0 || (from < cells - 1 && after > before);
  if (from === to) unit[index] = centre(up ? from + 1 : from - 1);
}

export function mutateChoice(
  { index, count, unitOf, choiceOfUnit }: ChoiceDimension,
  unit: Float64Array,
  stream: RandomStream,
): void {
  const other = stream.int(count - 1);
  unit[index] = unitOf(other < choiceOfUnit(unit[index]!) ? other : other + 1);
}

function polynomial(u: number, stream: RandomStream): number {
  const quantile = stream.next();
  const power = 1 / (ETA_MUTATION + 1);
  if (quantile < 0.5) {
    const value = 2 * quantile + (1 - 2 * quantile) * (1 - u) ** (ETA_MUTATION + 1);
    return within(u + value ** power - 1);
  }
  const value = 2 * (1 - quantile) + (2 * quantile - 1) * u ** (ETA_MUTATION + 1);
  return within(u + 1 - value ** power);
}

/** The nearest place in [0, 1]. */
export function within(u: number): number {
  return Math.min(1, Math.max(0, u));
}
