import { describe, expect, test } from 'vitest';
import { randomStream } from '../../numerics/random-stream.ts';
import { diagonalCovariance, fullCovariance, type Covariance } from './covariance.ts';

const n = 6;
const stream = randomStream(5, 0, 'covariance');
const vector = () => Float64Array.from({ length: n }, () => stream.normal());

function learnt(covariance: Covariance): Covariance {
  const outers = Array.from({ length: 5 }, () => ({ weight: 0.2, y: vector() }));
  covariance.update(0.5, outers);
  covariance.refresh();
  return covariance;
}

function entry({ entries, diagonal }: Covariance, i: number, j: number): number {
  if (!diagonal) return entries[i * n + j]!;
  return i === j ? entries[i]! : 0;
}

describe.each([
  ['full', () => learnt(fullCovariance(n))],
  ['diagonal', () => learnt(diagonalCovariance(n))],
])('the %s covariance', (_, make) => {
  const covariance = make();

  test('colours a standard normal: Σ colour(e_i) colour(e_i)ᵀ = C', () => {
    const unit = (i: number) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0));
    const columns = Array.from({ length: n }, (_, i) => covariance.colour(unit(i)));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const sum = columns.reduce((total, column) => total + column[i]! * column[j]!, 0);
        expect(sum).toBeCloseTo(entry(covariance, i, j), 12);
      }
    }
  });

  test('‖C^-½ y‖² is the same whitened and measured, and that of a coloured z is ‖z‖²', () => {
    const z = vector();
    const y = covariance.colour(z);
    const squares = (x: Float64Array) => x.reduce((sum, one) => sum + one * one, 0);
    expect(covariance.distance(y)).toBeCloseTo(squares(z), 10);
    expect(squares(covariance.whiten(y))).toBeCloseTo(squares(z), 10);
  });

  test('C^-½ C C^-½ = I', () => {
    const local = covariance.local(covariance.entries.slice());
    const identity = covariance.diagonal
      ? new Float64Array(n).fill(1)
      : Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
    identity.forEach((x, at) => expect(local[at]).toBeCloseTo(x, 11));
  });
});
