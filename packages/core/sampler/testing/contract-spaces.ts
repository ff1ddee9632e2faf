import { searchSpace, type SearchSpace } from '../../space/search-space.ts';
import type { Parameter } from '../../space/study-spec.ts';

const x: Parameter = { name: 'x', type: 'float', low: -5, high: 5, log: false };
const lr: Parameter = { name: 'lr', type: 'float', low: 1e-5, high: 1e-1, log: true };
const drop: Parameter = { name: 'drop', type: 'float', low: 0, high: 0.9, log: false, step: 0.1 };
const units: Parameter = { name: 'units', type: 'int', low: 4, high: 512, log: true, step: 1 };
const depth: Parameter = { name: 'depth', type: 'int', low: 2, high: 20, log: false, step: 3 };
const solver: Parameter = { name: 'solver', type: 'categorical', choices: ['adam', 'sgd', null] };
const size: Parameter = { name: 'size', type: 'ordinal', choices: ['s', 'm', 'l', 'xl'] };
const norm: Parameter = { name: 'norm', type: 'boolean' };
const data: Parameter = { name: 'data', type: 'constant', value: 'digits' };
const layers: Parameter = { name: 'layers', type: 'int', low: 1, high: 3, log: false, step: 1 };

const informed: Parameter[] = [
  { ...lr, prior: { mean: 1e-3, sd: 0.5 } },
  { ...units, prior: { mean: 64, sd: 0.2 } },
  { ...solver, prior: { weights: [6, 3, 1] } },
  { ...norm, prior: { weights: [0, 1] } },
];

const tree: Parameter[] = [
  solver,
  { name: 'momentum', type: 'float', low: 0, high: 0.99, log: false, when: { solver: 'sgd' } },
  { name: 'nesterov', type: 'boolean', when: { solver: 'sgd' } },
  { name: 'beta', type: 'float', low: 0.9, high: 0.999, log: false, when: { solver: 'adam' } },
  layers,
  { ...units, name: 'units2', when: { layers: { min: 2 } } },
  { ...units, name: 'units3', when: { layers: { min: 3 } } },
  { ...drop, when: { nesterov: true } },
];

const finiteTree: Parameter[] = [
  solver,
  { ...norm, when: { solver: ['sgd', 'adam'] } },
  { ...layers, when: { norm: true } },
];

/** Spaces of every kind, by name; `finite` ones can be used up within a test. */
export const contractSpaces: Record<string, { space: SearchSpace; finite: boolean }> = {
  'one float': { space: searchSpace([x], []), finite: false },
  'every kind': {
    space: searchSpace([x, lr, drop, units, depth, solver, size, norm, data], []),
    finite: false,
  },
  'with priors': { space: searchSpace(informed, []), finite: false },
  'a tree': { space: searchSpace(tree, []), finite: false },
  constrained: {
    space: searchSpace([x, lr, units, layers], ['x <= layers', 'units <= 20000 * lr + 8']),
    finite: false,
  },
  'a constrained tree': {
    space: searchSpace(tree, ['units3 <= units2', 'momentum + drop < 1']),
    finite: false,
  },
  'a thin line': {
    space: searchSpace([units, { ...units, name: 'half' }], ['units == 2 * half']),
    finite: false,
  },
  'one value': { space: searchSpace([data, { ...layers, low: 2, high: 2 }], []), finite: true },
  finite: { space: searchSpace([layers, norm, size], []), finite: true },
  'finite and constrained': {
    space: searchSpace([layers, { ...layers, name: 'other', high: 9 }], ['layers < other']),
    finite: true,
  },
  'a finite tree': { space: searchSpace(finiteTree, []), finite: true },
};
