import { execFileSync } from 'node:child_process';
import { readStudy, type StudySpec } from '@fleetune/core';
import { describe, expect, it } from 'vitest';
import { programLine } from './program-line.ts';

describe('the line that runs the program again', () => {
  it('is the command with its params, from the folder of the study', () => {
    const spec = study({ command: ['python', 'train.py', '{params}'] });
    expect(programLine(spec, { x: 0.5, y: 3 }, '/home/me')).toBe(
      'cd study && python train.py --x 0.5 --y 3',
    );
    expect(programLine(spec, { x: 0.5, y: 3 }, '/home/me/study')).toBe(
      'python train.py --x 0.5 --y 3',
    );
  });

  it('sets the environment of the study, but nothing that comes from elsewhere', () => {
    const env = { THREADS: '1 2', TOKEN: { from: 'env', name: 'SECRET' } };
    const spec = study({ command: ['train', '{x}', '{y}'], env });
    expect(programLine(spec, { x: 1, y: 2 }, '/home/me/study')).toBe("THREADS='1 2' train 1 2");
  });

  it.each([
    ['an argv', ['sh', '-c', 'echo "$FLEETUNE_PARAMS"; echo "$0"', '{y}']],
    ['a shell line', 'true && echo "$FLEETUNE_PARAMS"; echo {y}'],
  ])('gives %s that leaves out a parameter all params in the environment', (_, command) => {
    const line = programLine(study({ command }), { x: 0.5, y: 3 }, '/home/me/study')!;
    expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' })).toBe('{"x":0.5,"y":3}\n3\n');
  });
});

function study(parts: object): StudySpec {
  const raw = {
    name: 'again',
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'float', low: 0, high: 1 }, y: { type: 'int', low: 1, high: 9 } },
    ...parts,
  };
  const read = readStudy(raw, { cwd: '/home/me/study', seed: 1 });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  return read.spec;
}
