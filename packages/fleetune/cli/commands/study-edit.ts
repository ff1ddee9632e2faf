import { fail } from '@fleetune/core';
import { print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { readStudyFile } from '../study-file/read-study-file.ts';
import { flag } from './option.ts';
import { specChanges } from './spec-changes.ts';
import { namedStudy } from './study-argument.ts';
import { overridesOf } from './study-to-run.ts';

/** Takes up what changed in the study file, while the study runs or not. */
export async function studyEdit(invocation: Invocation): Promise<number> {
  const { console, options, operands } = invocation;
  const { argument, studies } = await namedStudy(invocation);
  const { name, file: path } = argument;
  if (path === undefined) throw fail('study-file.not-found', operands[0]!, {});
  const before = await studies.study(name);
  const overrides = overridesOf(options);
  const { file, spec } = readStudyFile(path, console.cwd, before.spec.seed, overrides);
  const submission = { file, cwd: spec.cwd, seed: spec.seed, run: false };
  await studies.ask((owner) => owner.submitStudy(submission));
  const changes = specChanges(before.spec, (await studies.study(name)).spec);
  if (flag(options, 'json')) printJson(console, { study: name, changes });
  else if (changes.length === 0) print(console, [`${name} is as its file says already`]);
  else print(console, [`${name} goes on with`, ...changes.map((line) => `  ${line}`)]);
  return 0;
}
