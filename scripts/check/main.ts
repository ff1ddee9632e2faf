// `./dev check`: everything that can be said about the sources without running them.

import { performance } from 'node:perf_hooks';
import { bannedCalls } from './banned-calls.ts';
import { deadCode } from './dead-code.ts';
import { importTable } from './import-table.ts';
import { lengths } from './lengths.ts';
import { pages } from './pages.ts';
import { readSources } from './sources.ts';
import { capture } from '../process.ts';

/** What is wrong, one line each, with its place; nothing when all is well. */
export type Findings = string[];

export interface CheckResult {
  name: string;
  findings: Findings;
  ms: number;
}

const tsc = 'node_modules/typescript-native/bin/tsc';

const checks: Record<string, () => Promise<Findings> | Findings> = {
  // The longest first: the others run beside it.
  lint: () => tool('node_modules/eslint/bin/eslint.js', '.'),
  format: () =>
    tool(
      'node_modules/prettier/bin/prettier.cjs',
      ...['--check', '--log-level=warn'],
      ...['--cache', '--cache-strategy=content', '--cache-location=.tools/prettier-cache', '.'],
    ),
  types: () => tool(tsc, '-p', 'tsconfig.json'),
  'types of core, which knows neither Node.js nor DOM': () =>
    tool(tsc, '-p', 'packages/core/tsconfig.json'),
  'import table': () => importTable(readSources()),
  'banned calls': () => bannedCalls(readSources()),
  'dead code': () => deadCode(readSources()),
  lengths: () => lengths(readSources()),
  pages: () => pages(),
};

/** Runs the checks whose name contains `filter`, two at a time. */
export async function runChecks(filter = ''): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const waiting = Object.entries(checks).filter(([name]) => name.includes(filter));
  const runNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, check] = next;
      const start = performance.now();
      const findings = await settled(check);
      results.push({ name, findings, ms: performance.now() - start });
    }
  };
  await Promise.all([runNext(), runNext()]);
  return results;
}

/** A check that breaks has found something, too. */
async function settled(check: () => Promise<Findings> | Findings): Promise<Findings> {
  try {
    return await check();
  } catch (error) {
    return [String(error)];
  }
}

export function printCheck({ name, findings, ms }: CheckResult): void {
  const mark = findings.length === 0 ? 'ok  ' : 'FAIL';
  console.log(`${mark} ${name} (${Math.round(ms)} ms)`);
  for (const finding of findings) console.log(`     ${finding}`);
}

export async function main(args: string[]): Promise<number> {
  const results = await runChecks(args[0]);
  results.forEach(printCheck);
  const failed = results.filter(({ findings }) => findings.length > 0).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  return failed === 0 && results.length > 0 ? 0 : 1;
}

/** A tool of node_modules that is content exactly when it exits with 0. */
async function tool(...args: string[]): Promise<Findings> {
  const { code, output } = await capture(process.execPath, args);
  if (code === 0) return [];
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 0 ? lines : [`exited with ${code}`];
}
