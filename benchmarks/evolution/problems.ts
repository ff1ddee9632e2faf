// Cheap functions of numbers x, whole numbers z and choices c, with the minimum 0 away from every
// centre. benchmarks/peers/evolution.py has the same.

export interface Point {
  x: readonly number[];
  z: readonly number[];
  c: readonly number[];
}

export interface Problem {
  /** Numbers in [−5, 5], whole numbers in −10 … 10, and choices of five. */
  x: number;
  z: number;
  c: number;
  loss(point: Point): number;
}

const shift = (i: number): number => 2 * Math.sin(i + 1);
const wanted = (i: number): number => Math.round(6 * Math.sin(3 * i + 2));
const sum = (terms: readonly number[]): number => terms.reduce((total, term) => total + term, 0);

const moved = (x: readonly number[]): number[] => x.map((value, i) => value - shift(i));
const wrong = (c: readonly number[]): number => c.filter((k, i) => k !== (i * 2 + 1) % 5).length;
const apart = (z: readonly number[]): number[] => z.map((value, i) => value - wanted(i));
const spread = (terms: readonly number[]): number =>
  sum(terms.map((y, i) => 10 ** ((4 * i) / Math.max(1, terms.length - 1)) * y * y));

function rosenbrock(y: readonly number[]): number {
  const at = y.map((value) => value + 1);
  return sum(at.slice(1).map((next, i) => 100 * (next - at[i]! ** 2) ** 2 + (1 - at[i]!) ** 2));
}

const wave = (y: number): number => y * y - 10 * Math.cos(2 * Math.PI * y) + 10;

export const problems: Record<string, Problem> = {
  sphere: { x: 10, z: 0, c: 0, loss: ({ x }) => sum(moved(x).map((y) => y * y)) },
  rosenbrock: { x: 10, z: 0, c: 0, loss: ({ x }) => rosenbrock(moved(x)) },
  ellipsoid: { x: 20, z: 0, c: 0, loss: ({ x }) => spread(moved(x)) },
  rastrigin: { x: 5, z: 0, c: 0, loss: ({ x }) => sum(moved(x).map(wave)) },
  corner: { x: 10, z: 0, c: 0, loss: ({ x }) => sum(x.map((value) => value + 5)) },
  'ints and floats': { x: 5, z: 5, c: 0, loss: ({ x, z }) => spread([...moved(x), ...apart(z)]) },
  'every kind': {
    x: 4,
    z: 4,
    c: 4,
    loss: ({ x, z, c }) => sum([...moved(x), ...apart(z)].map((y) => y * y)) + 5 * wrong(c),
  },
  'rosenbrock and choices': {
    x: 5,
    z: 0,
    c: 5,
    loss: ({ x, c }) => rosenbrock(moved(x)) + 10 * wrong(c),
  },
  choices: { x: 0, z: 0, c: 15, loss: ({ c }) => wrong(c) },
};
