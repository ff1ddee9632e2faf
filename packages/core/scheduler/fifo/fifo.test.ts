import { describe, expect, it } from 'vitest';
import { schedulerContract } from '../testing/scheduler-contract.ts';
import { fifo } from './fifo.ts';

describe('fifo keeps the contract of schedulers', () => {
  for (const { title, check } of schedulerContract(fifo)) it(title, check);
});

describe('fifo', () => {
  it('compares nobody', () => {
    expect(fifo().rungs).toEqual([]);
    expect(fifo().due(0, 1e9)).toBeUndefined();
  });
});
