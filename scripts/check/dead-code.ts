// Exports and files that nothing uses. An export is alive when another file of the product imports it, or when a test
// imports it and its own file uses it too (in the numerics kit: when a test imports it); a type also when its own file
// uses it (as part of a contract).

import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import type { Findings } from './main.ts';
import { importsOf, exportsIn, type Export } from './module-graph.ts';
import { isTest, walk, type Source } from './sources.ts';

/** Files that something other than an import starts or reads. */
const entries = [
  /^packages\/fleetune\/(cli\/main|session\/[\w-]+-(process|thread))\.ts$/,
  /^packages\/[\w-]+\/(index|testing)\.ts$/,
  /^scripts\/(dev|[\w-]+\/main)\.ts$/,
  /^benchmarks\/[\w-]+\.ts$/,
  /^examples\//,
  /\.(config|d)\.ts$/,
];

/** A library of its own, which the samplers draw on: what its tests know is alive. */
const kit = /^packages\/core\/numerics\//;

/** AssemblyScript: what is not used there does not get into the module. */
const assembly = /^packages\/core\/numerics\/kernels\/assembly\//;

/** What users import. */
const library = 'packages/fleetune/index.ts';

export function deadCode(sources: Source[]): Findings {
  if (sources.length === 0) return ['no source was looked at'];
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const exports = new Map(sources.map((source) => [source.path, exportsIn(source)]));
  const usedBy = { product: new Set<string>(), tests: new Set<string>() };
  const files = new Set<string>();

  for (const source of sources) {
    const used = isTest(source.path) ? usedBy.tests : usedBy.product;
    for (const { path, names } of importsOf(source, byPath)) {
      files.add(path);
      for (const name of names) markUsed(path, name, used, exports);
    }
    for (const path of mentioned(source, byPath)) files.add(path);
  }
  markUsed(library, '*', usedBy.product, exports);

  const findings: Findings = [];
  for (const source of sources) {
    const { path } = source;
    if (isTest(path) || path.endsWith('.config.ts') || assembly.test(path)) continue;
    if (!files.has(path) && !entries.some((entry) => entry.test(path))) {
      findings.push(`${path}: nothing imports this file`);
    } else if (!path.startsWith('examples/')) {
      for (const item of exports.get(path) ?? []) {
        const reason = whyDead(source, item, usedBy);
        if (reason !== undefined) findings.push(`${path}:${item.line}: ${item.name} ${reason}`);
      }
    }
  }
  return findings;
}

function whyDead(
  source: Source,
  item: Export,
  usedBy: { product: Set<string>; tests: Set<string> },
): string | undefined {
  const key = `${source.path}#${item.name}`;
  if (item.name === '*' || usedBy.product.has(key)) return undefined;
  const tested = usedBy.tests.has(key);
  const atHome =
    item.from === undefined && source.text.split(new RegExp(`\\b${item.name}\\b`)).length > 2;
  if (atHome && (tested || item.isType)) return undefined;
  if (tested && kit.test(source.path)) return undefined;
  // A surface may name the types of what it exports, and what only tests of other packages need.
  if (item.from !== undefined && (tested || item.isType)) return undefined;
  return tested ? 'is used by tests only' : 'is exported but imported nowhere';
}

/** Follows re-exports to the file that declares the name; `*` uses everything. */
function markUsed(
  path: string,
  name: string,
  used: Set<string>,
  exports: Map<string, Export[]>,
): void {
  const key = `${path}#${name}`;
  if (used.has(key)) return;
  used.add(key);
  for (const item of exports.get(path) ?? []) {
    if (name === '*' && item.name !== '*') markUsed(path, item.name, used, exports);
    if (item.from === undefined) continue;
    if (item.name === '*') markUsed(item.from, name, used, exports);
    else if (item.name === name) markUsed(item.from, item.original, used, exports);
  }
}

/** Files named by a string such as `new URL('./advisor-thread.ts', import.meta.url)`. */
function mentioned(source: Source, byPath: Map<string, Source>): string[] {
  const found: string[] = [];
  walk(source.ast, (node) => {
    if (!ts.isStringLiteralLike(node) || !node.text.endsWith('.ts')) return;
    const near = normalize(join(dirname(source.path), node.text));
    for (const path of [near, node.text]) if (byPath.has(path)) found.push(path);
  });
  return found;
}
