// What README and docs say is checked: generated pages are fresh, study files are valid, and every
// command either runs here or says why not. Links and titles are `./dev check pages`.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorTable } from '@fleetune/core';
import { describe, expect, test } from 'vitest';
import { listFiles } from '../scripts/check/sources.ts';
import { fences } from '../scripts/docs/fences.ts';
import { generatedPages } from '../scripts/docs/generated-pages.ts';
import { pages, pagesToRun } from '../scripts/docs/pages.ts';
import { runPage } from '../scripts/docs/run-page.ts';
import { studyProblems } from '../scripts/docs/study-fence.ts';
import { root } from '../scripts/root.ts';

const update = 'node scripts/docs/main.ts --update';

test('generated pages are fresh', async () => {
  const stale = (await generatedPages()).filter((page) => page.stale).map(({ path }) => path);
  expect(stale, `run ${update}`).toEqual([]);
});

test('every error code has its section in the docs, and every section is a code', () => {
  const page = readFileSync(join(root, 'docs/reference/errors.md'), 'utf8');
  const sections = [...page.matchAll(/^### `(.+)`$/gm)].map(([, code]) => code);
  expect(sections.toSorted()).toEqual(Object.keys(errorTable).toSorted());
});

test('every error code that a page names exists', () => {
  const areas = new Set(Object.keys(errorTable).map((code) => code.split('.')[0]));
  const unknown = pages().flatMap(({ path, text }) =>
    [...text.matchAll(/`([a-z-]+)\.([a-z-]+)`/g)]
      .filter(([, area = '', situation = '']) => areas.has(area) && !isFileName(situation))
      .map(([, area, situation]) => `${area}.${situation}`)
      .filter((code) => !(code in errorTable) && !isKey(code))
      .map((code) => `${path}: ${code}`),
  );
  expect(unknown).toEqual([]);
});

test('every "DESIGN §" in a comment is a section of docs/internals/design.md', () => {
  const page = readFileSync(join(root, 'docs/internals/design.md'), 'utf8');
  const sections = [...page.matchAll(/^## §(\d+)/gm)].map(([, number]) => number);
  const last = page.slice(page.indexOf('## §15'));
  const items = [...last.matchAll(/^(\d+)\. /gm)].map(([, number]) => `15.${number}`);
  const known = new Set([...sections, ...items]);
  const unknown = listFiles('*.ts', '*.py', '*.js', '*.sh').flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/DESIGN §(\d+(?:\.\d+)?)/g)]
      .filter(([, number = '']) => !known.has(number))
      .map(([reference]) => `${path}: ${reference}`),
  );
  expect(unknown).toEqual([]);
});

test('README names every sampler that has a page, and every bench of its figures is there', () => {
  const page = readFileSync(join(root, 'README.md'), 'utf8');
  const [samplers = ''] = /^Samplers: [^]*?\.$/m.exec(page) ?? [];
  const plain = samplers.toLowerCase().replaceAll('-', ' ');
  const named = readdirSync(join(root, 'docs/reference/samplers')).map((page) => page.slice(0, -3));
  expect(named.length).toBeGreaterThan(5);
  for (const name of named) expect(plain, name).toContain(name.replaceAll('-', ' '));
  const figures = [...page.matchAll(/\| `\.\/dev bench ([\w-]+)` +\|/g)].map(([, name]) => name);
  expect(figures.length).toBeGreaterThan(2);
  for (const name of figures) expect(existsSync(join(root, `benchmarks/${name}.ts`))).toBe(true);
});

test('every file that the architecture names exists', () => {
  const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const named = [...page.matchAll(/`([\w.-]+\/[\w./-]+\.ts)`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(5);
  // What its table of invariants calls checkers and workloads are the simulator's.
  const folders = [root, join(root, 'packages/simulator')];
  const exists = (path: string) => folders.some((folder) => existsSync(join(folder, path)));
  expect(named.filter((path) => !exists(path))).toEqual([]);
});

test('every study file in a page, whole or in part, is valid', () => {
  const checked = blocks().filter(({ language }) => language === 'yaml');
  expect(checked.length).toBeGreaterThan(10);
  expect(pages().flatMap(({ path, text }) => studyProblems(path, text))).toEqual([]);
});

test('every command and program in a page runs, or says why not', () => {
  const programs = new Set(['sh', 'python', 'ts', 'js']);
  const silent = blocks()
    .filter(({ where }) => /^(README\.md|docs\/|examples\/)/.test(where))
    .filter(({ language, marker }) => programs.has(language) && marker.kind === 'none')
    .map(({ where }) => where);
  expect(silent).toEqual([]);
});

describe('a page does what it says, and prints what it shows', () => {
  test.each(pagesToRun())('%s', { timeout: 400_000 }, async (path) => {
    const { problems } = await runPage(path, readFileSync(join(root, path), 'utf8'));
    expect(problems, `is it a new output? ${update} ${path}`).toEqual([]);
  });
});

function blocks() {
  return pages().flatMap(({ path, text }) =>
    fences(text).map((fence) => ({ ...fence, where: `${path}:${fence.line}` })),
  );
}

/** `study.yaml` */
function isFileName(situation: string): boolean {
  return /^(yaml|md|json|ts|py|db|sh)$/.test(situation);
}

/** `space.lr`: a key of a study file. */
function isKey(code: string): boolean {
  return /^(space|params|command|study|trial|worker)\.[a-z]{1,3}$/.test(code);
}
