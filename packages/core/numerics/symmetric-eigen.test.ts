import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomStream } from './random-stream.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** Largest |entry| of A − VᵀΛV and of VVᵀ − I. */
function residuals(a: Float64Array, n: number): [number, number] {
  const { values, vectors } = symmetricEigen(a, n);
  let [product, identity] = [0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = -a[i * n + j]!;
      let dot = i === j ? -1 : 0;
      for (let k = 0; k < n; k++) {
        sum += vectors[k * n + i]! * values[k]! * vectors[k * n + j]!;
        dot += vectors[i * n + k]! * vectors[j * n + k]!;
      }
      product = Math.max(product, Math.abs(sum));
      identity = Math.max(identity, Math.abs(dot));
    }
  }
  return [product, identity];
}

function symmetric(n: number, entry: (i: number, j: number) => number): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = entry(i, j);
  return a;
}

function largest(a: Float64Array): number {
  return a.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
}

test('A = VᵀΛV with orthonormal V, for any symmetric matrix', () => {
  const matrix = fc.integer({ min: 0, max: 12 }).chain((n) =>
    fc
      .array(fc.oneof(fc.double({ min: -10, max: 10, noNaN: true }), fc.constantFrom(0, 1, 1e-9)), {
        minLength: n * n,
        maxLength: n * n,
      })
      .map((entries) => ({ n, a: symmetric(n, (i, j) => entries[i * n + j]!) })),
  );
  fc.assert(
    fc.property(matrix, ({ n, a }) => {
      const [product, identity] = residuals(a, n);
      expect(product).toBeLessThan(1e-13 * (n + 1) * (1 + largest(a)));
      expect(identity).toBeLessThan(1e-13 * (n + 1));
    }),
  );
});

test('large, ill-conditioned and scaled matrices, too', () => {
  const stream = randomStream(1, 0, 'eigen');
  const n = 120;
  const rows = Array.from({ length: n }, (_, k) =>
    Float64Array.from({ length: n }, () => stream.normal() * 10 ** ((-8 * k) / n)),
  );
  for (const scale of [1e-150, 1, 1e150]) {
    const a = symmetric(n, (i, j) => scale * rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0));
    const [product, identity] = residuals(a, n);
    expect(product / largest(a)).toBeLessThan(1e-13 * n);
    expect(identity).toBeLessThan(1e-13 * n);
  }
});

test('eigenvalues of the second difference matrix are 4 sin²(kπ / 2(n + 1))', () => {
  const n = 30;
  const a = symmetric(n, (i, j) => (i === j ? 2 : i === j + 1 ? -1 : 0));
  const values = symmetricEigen(a, n).values.sort();
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(4 * Math.sin(((i + 1) * Math.PI) / (2 * (n + 1))) ** 2, 13);
  });
});
