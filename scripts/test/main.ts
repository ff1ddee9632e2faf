// `./dev test [FILTER]`: the checks, then every suite, the 20 slowest tests and one line that sums up.

import { printCheck, runChecks } from '../check/main.ts';
import { runPython } from './python.ts';
import { add, slowest, summary, type Suite } from './suite.ts';
import { runVitest } from './vitest.ts';

export async function main(args: string[]): Promise<number> {
  const filter = args[0] ?? '';
  const suites: Suite[] = [];
  const title = (text: string): void => console.log(`\n== ${text}`);

  title('checks');
  suites.push(await checks(filter));
  title('units and contracts');
  suites.push(await runVitest(filter, 'pure'));
  suites.push(await runVitest(filter, 'units'));
  title('python');
  suites.push(await runPython(filter));
  title('the whole, with real processes');
  suites.push(await runVitest(filter, 'whole'));
  suites.push(await runVitest(filter, 'alone'));

  const total = add(suites);
  title('slowest');
  for (const { name, ms } of slowest(total, 20)) {
    console.log(`${(ms / 1000).toFixed(2).padStart(7)} s  ${name}`);
  }
  const ran = total.passed + total.failed;
  if (ran === 0) console.log(`\nno test matches "${filter}"`);
  console.log(`\n${summary(total)}`);
  return ran > 0 && total.failed === 0 ? 0 : 1;
}

async function checks(filter: string): Promise<Suite> {
  const results = await runChecks(filter);
  results.forEach(printCheck);
  const failed = results.filter(({ findings }) => findings.length > 0).length;
  return {
    passed: results.length - failed,
    failed,
    skipped: 0,
    tests: results.map(({ name, ms }) => ({ name: `check: ${name}`, ms })),
  };
}
