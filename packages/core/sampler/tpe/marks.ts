import { larger } from './column.ts';

/** Kernels that something is to be done for, each once: few of many. */
export interface Marks {
  /** Not all of them are marked still. */
  readonly kernels: number[];
  /** By kernel. */
  isMarked: Uint8Array<ArrayBuffer>;
}

export function createMarks(): Marks {
  return { kernels: [], isMarked: new Uint8Array(0) };
}

export function mark(marks: Marks, k: number): void {
  if (k >= marks.isMarked.length) marks.isMarked = larger(marks.isMarked);
  if (marks.isMarked[k] === 1) return;
  marks.isMarked[k] = 1;
  marks.kernels.push(k);
}

export function unmark({ isMarked }: Marks, k: number): void {
  isMarked[k] = 0;
}

/** Does it for all of them, and unmarks them. */
export function forMarked({ kernels, isMarked }: Marks, action: (k: number) => void): void {
  for (let i = 0; i < kernels.length; i++) {
    const k = kernels[i]!;
    if (isMarked[k] === 0) continue;
    isMarked[k] = 0;
    action(k);
  }
  kernels.length = 0;
}
