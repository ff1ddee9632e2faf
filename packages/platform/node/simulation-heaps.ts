import { setFlagsFromString } from 'node:v8';

/**
 * For threads that are started from now on, in which much dies, young or old, beside thousands of objects that live. A
 * young generation of 128 MB is collected less often: simulations take a fifth less processor time. And V8 lets a heap
 * grow to four times what is alive before it looks; at twice that, a simulation of 300,000 trials took a quarter less
 * memory, and no more time.
 */
export function simulationHeaps(): void {
  setFlagsFromString('--min-semi-space-size=128');
  setFlagsFromString('--max-semi-space-size=128');
  setFlagsFromString('--heap-growing-percent=100');
}
