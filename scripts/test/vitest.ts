import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { run } from '../process.ts';
import { root } from '../root.ts';
import type { Suite } from './suite.ts';

/** The parts of vitest's JSON report that we read. */
interface Report {
  testResults: {
    name: string;
    status: 'passed' | 'failed';
    assertionResults: {
      fullName: string;
      status: 'passed' | 'failed' | 'skipped' | 'pending' | 'todo' | 'disabled';
      duration?: number | null;
    }[];
  }[];
}

export async function runVitest(filter: string, project: string): Promise<Suite> {
  const folder = await mkdtemp(join(tmpdir(), 'fleetune-test-'));
  const file = join(folder, 'report.json');
  try {
    const code = await run(process.execPath, [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      `--project=${project}`,
      ...(filter === '' ? [] : [filter]),
    ]);
    const text = await readFile(file, 'utf8').catch(() => '{"testResults":[]}');
    return count(JSON.parse(text) as Report, code);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function count(report: Report, code: number): Suite {
  const suite: Suite = { passed: 0, failed: 0, skipped: 0, tests: [] };
  for (const { name, status, assertionResults } of report.testResults) {
    const file = relative(root, name);
    let failed = 0;
    for (const test of assertionResults) {
      suite.tests.push({ name: `${file}: ${test.fullName}`, ms: test.duration ?? 0 });
      if (test.status === 'passed') suite.passed += 1;
      else if (test.status === 'failed') failed += 1;
      else suite.skipped += 1;
    }
    // A file that could not be loaded has no test that failed.
    suite.failed += status === 'failed' ? Math.max(failed, 1) : failed;
  }
  // An error outside every test (an unhandled rejection, say) shows in the exit code alone.
  if (code !== 0 && suite.failed === 0) suite.failed = 1;
  return suite;
}
