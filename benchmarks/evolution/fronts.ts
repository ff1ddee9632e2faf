// Problems of several losses with known fronts, on [0, 1]^d. Zitzler, Deb & Thiele: Evol. Comp. 8
// (2000) 173–195 (ZDT); Deb, Thiele, Laumanns & Zitzler: CEC 2002 (DTLZ). pymoo has the same.

export interface FrontProblem {
  dimensions: number;
  /** Of the hypervolume. */
  reference: readonly number[];
  losses(x: readonly number[]): number[];
}

const sum = (terms: readonly number[]): number => terms.reduce((total, term) => total + term, 0);
const mean = (terms: readonly number[]): number => sum(terms) / terms.length;

/** Of ZDT1 to 3: the first parameter spreads the front, the others lead to it. */
function zdt(front: (f: number, g: number) => number): FrontProblem {
  return {
    dimensions: 30,
    reference: [1.1, 1.1],
    losses([f = 0, ...rest]) {
      const g = 1 + 9 * mean(rest);
      return [f, g * front(f, g)];
    },
  };
}

export const fronts: Record<string, FrontProblem> = {
  zdt1: zdt((f, g) => 1 - Math.sqrt(f / g)),
  zdt2: zdt((f, g) => 1 - (f / g) ** 2),
  zdt3: zdt((f, g) => 1 - Math.sqrt(f / g) - (f / g) * Math.sin(10 * Math.PI * f)),
  zdt4: {
    dimensions: 10,
    reference: [1.1, 20],
    losses([f = 0, ...rest]) {
      const waves = rest.map((x) => (10 * x - 5) ** 2 - 10 * Math.cos(4 * Math.PI * (10 * x - 5)));
      const g = 1 + 10 * rest.length + sum(waves);
      return [f, g * (1 - Math.sqrt(f / g))];
    },
  },
  dtlz2: {
    dimensions: 12,
    reference: [1.1, 1.1, 1.1],
    losses([a = 0, b = 0, ...rest]) {
      const g = 1 + sum(rest.map((x) => (x - 0.5) ** 2));
      const [s, t] = [(a * Math.PI) / 2, (b * Math.PI) / 2];
      return [g * Math.cos(s) * Math.cos(t), g * Math.cos(s) * Math.sin(t), g * Math.sin(s)];
    },
  },
};
