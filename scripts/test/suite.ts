export interface TestCase {
  name: string;
  ms: number;
}

/** What one runner ran. */
export interface Suite {
  passed: number;
  failed: number;
  skipped: number;
  tests: TestCase[];
}

export function add(suites: Suite[]): Suite {
  return {
    passed: suites.reduce((sum, { passed }) => sum + passed, 0),
    failed: suites.reduce((sum, { failed }) => sum + failed, 0),
    skipped: suites.reduce((sum, { skipped }) => sum + skipped, 0),
    tests: suites.flatMap(({ tests }) => tests),
  };
}

export function slowest({ tests }: Suite, count: number): TestCase[] {
  return tests.toSorted((a, b) => b.ms - a.ms).slice(0, count);
}

/** The last line of every run: `12 passed, 0 failed` and, when there are any, `, 3 skipped`. */
export function summary({ passed, failed, skipped }: Suite): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
