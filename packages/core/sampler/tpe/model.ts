import type { History } from '../history.ts';
import type { Dimension } from './dimension.ts';
import { parzen, type Parzen } from './parzen.ts';
import type { Split } from './split.ts';

/** l and g of one block. */
export interface Model {
  below: Parzen;
  above: Parzen;
}

/** The densities of one block, from the trials in which it is active. */
export function fitModel(history: History, block: readonly Dimension[], parts: Split): Model {
  const first = history.columns[block[0]!.index]!;
  const estimate = (rows: readonly number[]): Parzen => {
    const active = rows.filter((row) => !Number.isNaN(first[row]!));
    return parzen(
      block,
      block.map(({ index }) => gather(history.columns[index]!, active)),
    );
  };
  return { below: estimate(parts.below), above: estimate(parts.above) };
}

function gather(column: Float64Array, rows: readonly number[]): Float64Array {
  const values = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = column[rows[i]!]!;
  return values;
}
