// A sorted sequence in blocks of some hundred losses, with a Fenwick tree over the sizes of the
// blocks (Fenwick 1994, doi:10.1002/spe.4380240306): a rank and an insertion cost O(log n) and a
// short move inside one block, however many losses there are. Losses that come before anybody asks,
// such as all of a snapshot's, wait until then and are sorted together.

/** Losses in ascending order. */
export interface SortedLosses {
  readonly size: number;
  /** How many are strictly below `loss`. */
  below(loss: number): number;
  /** The one that exactly k others come before, 0 ≤ k < size. */
  at(k: number): number;
  add(loss: number): void;
}

const BLOCK = 512;
/** From so many on, to sort all losses anew is quicker than to put the waiting ones in their places. */
const MANY = 64;

interface Block {
  values: Float64Array;
  size: number;
}

export function sortedLosses(): SortedLosses {
  let blocks: Block[] = [{ values: new Float64Array(16), size: 0 }];
  let tree = fenwick(blocks);
  let size = 0;
  let waiting: number[] = [];

  /** The first block whose last loss is not below `loss`; the last one where all are. */
  function blockOf(loss: number): number {
    let low = 0;
    let high = blocks.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { values, size: filled } = blocks[middle]!;
      if (values[filled - 1]! < loss) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function put(loss: number): void {
    const index = blockOf(loss);
    const block = blocks[index]!;
    insert(block, loss);
    if (block.size < BLOCK) return grow(tree, index);
    const half = BLOCK / 2;
    const upper = { values: new Float64Array(BLOCK), size: block.size - half };
    upper.values.set(block.values.subarray(half, block.size));
    block.size = half;
    blocks.splice(index + 1, 0, upper);
    tree = fenwick(blocks);
  }

  function settle(): void {
    if (waiting.length === 0) return;
    if (waiting.length < MANY || waiting.length * 8 < size) waiting.forEach(put);
    else {
      blocks = sortedBlocks(blocks, waiting);
      tree = fenwick(blocks);
    }
    waiting = [];
  }

  return {
    get size() {
      return size;
    },
    below(loss) {
      settle();
      const index = blockOf(loss);
      return prefix(tree, index) + belowIn(blocks[index]!, loss);
    },
    at(k) {
      settle();
      const [index, left] = descend(tree, k);
      return blocks[index]!.values[left]!;
    },
    add(loss) {
      waiting.push(loss);
      size += 1;
    },
  };
}

/** Half full, so that the next losses find room. */
function sortedBlocks(blocks: readonly Block[], more: readonly number[]): Block[] {
  const held = blocks.map(({ values, size }) => values.subarray(0, size));
  const sorted = Float64Array.from([...held, more].flatMap((losses) => [...losses])).sort();
  const cut = BLOCK / 2;
  return Array.from({ length: Math.ceil(sorted.length / cut) }, (_, index) => {
    const part = sorted.subarray(index * cut, (index + 1) * cut);
    const values = new Float64Array(BLOCK);
    values.set(part);
    return { values, size: part.length };
  });
}

function belowIn({ values, size }: Block, loss: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < loss) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insert(block: Block, loss: number): void {
  if (block.size === block.values.length) {
    const grown = new Float64Array(Math.min(BLOCK, block.size * 2));
    grown.set(block.values);
    block.values = grown;
  }
  const at = belowIn(block, loss);
  block.values.copyWithin(at + 1, at, block.size);
  block.values[at] = loss;
  block.size += 1;
}

/** tree[i] is the sum of the sizes of the (i & -i) blocks up to block i - 1. */
function fenwick(blocks: readonly Block[]): Int32Array {
  const tree = new Int32Array(blocks.length + 1);
  blocks.forEach(({ size }, index) => {
    tree[index + 1]! += size;
    const next = index + 1 + ((index + 1) & -(index + 1));
    if (next < tree.length) tree[next]! += tree[index + 1]!;
  });
  return tree;
}

/** The block has one more. */
function grow(tree: Int32Array, block: number): void {
  for (let i = block + 1; i < tree.length; i += i & -i) tree[i]! += 1;
}

/** Losses in the blocks before it. */
function prefix(tree: Int32Array, block: number): number {
  let sum = 0;
  for (let i = block; i > 0; i -= i & -i) sum += tree[i]!;
  return sum;
}

/** The block that the k-th loss lies in, and its place there. */
function descend(tree: Int32Array, k: number): [block: number, place: number] {
  let block = 0;
  let left = k;
  for (let step = 1 << (31 - Math.clz32(tree.length)); step > 0; step >>= 1) {
    const next = block + step;
    if (next >= tree.length || tree[next]! > left) continue;
    block = next;
    left -= tree[next]!;
  }
  return [block, left];
}
