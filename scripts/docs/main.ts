// node scripts/docs/main.ts [--update] [--slow] [PAGE…]: are the generated pages fresh, the study
// files valid, and do README and docs say what really happens? --update writes pages and outputs;
// it runs slow blocks too, when their page is named.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../root.ts';
import { generatedPages } from './generated-pages.ts';
import { pages, pagesToRun } from './pages.ts';
import { runPage } from './run-page.ts';
import { studyProblems } from './study-fence.ts';

const { values, positionals } = parseArgs({
  options: { update: { type: 'boolean' }, slow: { type: 'boolean' } },
  allowPositionals: true,
});
const problems: string[] = [];

for (const { path, text, stale } of await generatedPages()) {
  if (stale && values.update) writeFileSync(join(root, path), text);
  else if (stale) problems.push(`${path}: is stale; run node scripts/docs/main.ts --update`);
}

problems.push(...pages().flatMap(({ path, text }) => studyProblems(path, text)));

for (const path of pagesToRun()) {
  const named = positionals.includes(path);
  if (positionals.length > 0 && !named) continue;
  const page = readFileSync(join(root, path), 'utf8');
  const slow = values.slow === true || (named && values.update === true);
  const result = await runPage(path, page, { slow });
  if (values.update && result.updated !== page) writeFileSync(join(root, path), result.updated);
  const wrong = result.problems.filter(
    (problem) => !values.update || !problem.includes('the output is now'),
  );
  problems.push(...wrong);
  console.log(`${path}: ran ${result.ran} blocks, ${wrong.length} problems`);
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
