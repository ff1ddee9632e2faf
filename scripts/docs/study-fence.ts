// Every YAML block of a page is a study file or a part of one, and has to pass the check of
// `fleetune run`.

import { readStudy, render } from '@fleetune/core';
import { parse } from 'yaml';
import { fences } from './fences.ts';

/** What a part is completed with. */
const rest = {
  name: 'part',
  objective: { metric: 'val_accuracy', direction: 'maximize' },
  space: {
    lr: { type: 'float', low: 1e-5, high: 0.1, log: true },
    units: { type: 'int', low: 16, high: 512, log: true },
    layers: { type: 'int', low: 1, high: 3 },
    solver: { type: 'categorical', choices: ['adam', 'sgd'] },
    momentum: { type: 'float', low: 0, high: 0.99, step: 0.33, when: { solver: 'sgd' } },
  },
  command: ['python3', 'train.py', '{params}'],
};

/** What is wrong with a page's study files. */
export function studyProblems(path: string, page: string): string[] {
  return fences(page).flatMap(({ language, line, text }) => {
    const problem = language === 'yaml' ? studyProblem(text) : undefined;
    return problem === undefined ? [] : [`${path}:${line}: ${problem}`];
  });
}

/** What is wrong with a block; undefined when nothing is. */
export function studyProblem(text: string): string | undefined {
  const given: unknown = parse(text);
  if (typeof given !== 'object' || given === null) return 'is no study file and no part of one';
  const several = 'objectives' in given;
  const whole = (several || 'objective' in given) && 'space' in given;
  const { objective, ...others } = rest;
  const missing = {
    ...others,
    ...(!several && { objective }),
    // Most schedulers compare trials at a fidelity.
    ...('scheduler' in given && { fidelity: { metric: 'epoch', max: 27 } }),
  };
  const context = { cwd: '/study', name: 'page', seed: 1 };
  const read = readStudy(whole ? given : { ...missing, ...given }, context);
  return 'errors' in read ? read.errors.map(render).join('; ') : undefined;
}
