import { describe, expect, it } from 'vitest';
import { add, slowest, summary, type Suite } from './suite.ts';
import { count } from './vitest.ts';

const suite = (some: Partial<Suite>): Suite => ({
  passed: 0,
  failed: 0,
  skipped: 0,
  tests: [],
  ...some,
});

describe('the summary', () => {
  it('sums over all runners and names skipped tests only when there are any', () => {
    const total = add([suite({ passed: 2, failed: 1 }), suite({ passed: 3 })]);
    expect(summary(total)).toBe('5 passed, 1 failed');
    expect(summary(add([total, suite({ skipped: 4 })]))).toBe('5 passed, 1 failed, 4 skipped');
  });

  it('lists the slowest first', () => {
    const tests = [1, 3, 2].map((ms) => ({ name: String(ms), ms }));
    expect(slowest(suite({ tests }), 2).map(({ ms }) => ms)).toEqual([3, 2]);
  });
});

describe('the report of vitest', () => {
  const file = (status: 'passed' | 'failed', ...tests: ('passed' | 'failed' | 'skipped')[]) => ({
    name: 'x.test.ts',
    status,
    assertionResults: tests.map((test) => ({ fullName: 'title', status: test })),
  });

  it('counts tests by their state', () => {
    const { passed, failed, skipped } = count(
      { testResults: [file('failed', 'passed', 'failed', 'skipped')] },
      1,
    );
    expect([passed, failed, skipped]).toEqual([1, 1, 1]);
  });

  it('counts a file that could not be loaded, and an error outside every test, as one failure', () => {
    expect(count({ testResults: [file('failed')] }, 1).failed).toBe(1);
    expect(count({ testResults: [file('passed', 'passed')] }, 1).failed).toBe(1);
    expect(count({ testResults: [file('passed', 'passed')] }, 0).failed).toBe(0);
  });
});
