import { setFlagsFromString } from 'node:v8';

/**
 * For a process in which much dies old: V8 lets such a heap grow to four times what is alive before it looks. At twice
 * that, a simulation of 300,000 trials took a quarter less memory, and no more time.
 */
export function modestHeap(): void {
  setFlagsFromString('--heap-growing-percent=100');
}
