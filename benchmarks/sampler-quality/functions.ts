// Ten functions of many kinds of parameters, the same as in peers/record_optuna.py.

import type { Parameter, Params } from '@fleetune/core';

export interface TestFunction {
  name: string;
  parameters: Parameter[];
  value(params: Params): number;
}

type Kind = 'float' | 'log' | 'int' | 'log int' | number;

/** A parameter, and its values about [-1, 1]; of choices, the choice. */
function axis(kind: Kind, name: string): { parameter: Parameter; of(value: number): number } {
  switch (kind) {
    case 'float': {
      return {
        parameter: { name, type: 'float', low: -1, high: 1, log: false },
        of: (value) => value,
      };
    }
    case 'log': {
      return {
        parameter: { name, type: 'float', low: 1e-4, high: 1, log: true },
        of: (value) => Math.log10(value) / 2 + 1,
      };
    }
    case 'int': {
      return {
        parameter: { name, type: 'int', low: -10, high: 10, step: 1, log: false },
        of: (value) => value / 10,
      };
    }
    case 'log int': {
      return {
        parameter: { name, type: 'int', low: 1, high: 1024, step: 1, log: true },
        of: (value) => Math.log2(value) / 5 - 1,
      };
    }
    default: {
      const choices = Array.from({ length: kind }, (_, i) => i);
      return { parameter: { name, type: 'categorical', choices }, of: (value) => value };
    }
  }
}

function testFunction(
  name: string,
  dimensions: number,
  kinds: readonly Kind[],
  value: (x: number[]) => number,
): TestFunction {
  const axes = Array.from({ length: dimensions }, (_, i) => {
    return axis(kinds[i % kinds.length]!, `x${i}`);
  });
  return {
    name,
    parameters: axes.map(({ parameter }) => parameter),
    value: (params) => value(axes.map(({ of }, i) => of(Number(params[`x${i}`])))),
  };
}

const sum = (x: number[]): number => x.reduce((total, one) => total + one, 0);
const squares = (x: number[]): number => sum(x.map((v) => (v - 0.3) ** 2));
const pairs = (x: number[]): [number, number][] => x.slice(1).map((b, i) => [x[i]!, b]);

function rastrigin(x: number[]): number {
  return sum(x.map((v) => (3 * v - 0.6) ** 2 + 3 * (1 - Math.cos(2 * Math.PI * (3 * v - 0.6)))));
}

function rosenbrock(x: number[]): number {
  return sum(pairs(x).map(([a, b]) => 100 * (2 * b - (2 * a) ** 2) ** 2 + (1 - 2 * a) ** 2));
}

/** Each choice has a value of its own; neighbours that agree add to it. */
function choices(x: number[]): number {
  return (
    sum(x.map((v, i) => (v * 7 + i * 3) % 5)) - 2 * pairs(x).filter(([a, b]) => a === b).length
  );
}

export const testFunctions: readonly TestFunction[] = [
  testFunction('sphere', 5, ['float'], squares),
  testFunction('ellipsoid', 6, ['float'], (x) =>
    sum(x.map((v, i) => 100 ** (i / 5) * (v - 0.3) ** 2)),
  ),
  testFunction('rosenbrock', 4, ['float'], rosenbrock),
  testFunction('rastrigin', 5, ['float'], rastrigin),
  testFunction('sphere 20-D', 20, ['float'], squares),
  testFunction('absolute', 10, ['float'], (x) => sum(x.map((v) => Math.abs(v + 0.5)))),
  testFunction('logarithmic', 4, ['log'], squares),
  testFunction('steps', 6, ['int'], squares),
  testFunction('choices', 6, [4], choices),
  testFunction('mixed', 8, ['float', 'log', 'log int', 3], (x) =>
    squares(x.map((v, i) => (i % 4 < 3 ? v : v - 1))),
  ),
];
