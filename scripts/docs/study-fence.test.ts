import { expect, test } from 'vitest';
import { studyProblem } from './study-fence.ts';

test('a part of a study file is checked as if the rest were there', () => {
  expect(studyProblem("constraints: ['units <= 4096 * lr + 256']")).toBeUndefined();
  expect(studyProblem('budget: { trails: 5 }')).toContain('budget.trails');
});

test('a whole study file is checked as it is', () => {
  const text = 'objective: { metric: a, direction: minimize }\nspace: { x: { type: bool } }\n';
  expect(studyProblem(text)).toContain('space.x');
});

test('text that is no object is refused', () => {
  expect(studyProblem('just words')).toBe('is no study file and no part of one');
});
