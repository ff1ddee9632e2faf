import { describe, expect, it } from 'vitest';
import { lengths } from './lengths.ts';
import { source } from './sources.ts';

const lines = (count: number, text: string): string => `${text}\n`.repeat(count);
const findings = (text: string): string[] => lengths([source('packages/core/x.ts', text)]);

describe('lengths', () => {
  it('lets a file of 400 lines and stops one of 401', () => {
    expect(findings(lines(400, '// x'))).toEqual([]);
    expect(findings(lines(401, '// x')).join()).toContain('401 lines');
  });

  it('lets a function of 60 lines and stops one of 61', () => {
    expect(findings(`function f() {\n${lines(58, 'x();')}}`)).toEqual([]);
    expect(findings(`function f() {\n${lines(59, 'x();')}}`).join()).toContain('of 61 lines');
  });

  it('does not count the functions inside a function', () => {
    const method = `  m() {\n${lines(40, '    x();')}  },\n`;
    expect(findings(`function f() {\n  return {\n${method.repeat(3)}  };\n}`)).toEqual([]);
  });

  it('fails when it looked at nothing', () => {
    expect(lengths([])).toEqual(['no source was looked at']);
  });
});
