// Imports go one way. ARCHITECTURE.md draws the table; this is its law.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { isBuiltin } from 'node:module';
import type { Findings } from './main.ts';
import { root } from '../root.ts';
import { imports, isTest, place, type Source } from './sources.ts';

/** Package → the packages that it may import. */
const packages: Record<string, string[]> = {
  core: [],
  platform: [],
  protocol: ['core', 'platform'],
  coordinator: ['core', 'platform', 'protocol'],
  worker: ['core', 'platform', 'protocol'],
  launcher: ['core', 'platform', 'protocol'],
  dashboard: ['core', 'protocol'],
  simulator: ['core', 'platform', 'protocol', 'coordinator', 'worker', 'launcher'],
  fleetune: [
    'core',
    'platform',
    'protocol',
    'coordinator',
    'worker',
    'launcher',
    'dashboard',
    'simulator',
  ],
};

/** Folder of core → the folders of core that it may import. */
const core: Record<string, string[]> = {
  errors: [],
  numerics: ['errors'],
  space: ['errors', 'numerics'],
  sampler: ['errors', 'numerics', 'space'],
  scheduler: ['errors', 'numerics', 'space'],
  study: ['errors', 'numerics', 'space', 'sampler', 'scheduler'],
  analysis: ['errors', 'numerics', 'space', 'sampler', 'scheduler', 'study'],
};

export function importTable(sources: Source[]): Findings {
  const findings: Findings = [];
  let looked = 0;
  for (const source of sources) {
    const [top, name] = source.path.split('/');
    if (top !== 'packages' || name === undefined) continue;
    looked += 1;
    if (packages[name] === undefined) {
      findings.push(`${source.path}: the import table does not know the package "${name}"`);
      continue;
    }
    for (const { specifier, node } of imports(source)) {
      const wrong = specifier.startsWith('.')
        ? wrongRelative(source.path, specifier)
        : wrongPackage(source.path, name, specifier);
      if (wrong !== undefined) findings.push(`${place(source, node)}: ${wrong}`);
    }
  }
  if (looked === 0) findings.push('no source was looked at');
  return findings;
}

function wrongRelative(path: string, specifier: string): string | undefined {
  const target = normalize(join(dirname(path), specifier)).split('/');
  const from = path.split('/');
  if (target[0] !== from[0] || target[1] !== from[1]) {
    return `"${specifier}" leaves the package: import its name`;
  }
  const [folder, other] = [from[2] ?? '', target[2] ?? ''];
  if (from[1] !== 'core' || isTest(path) || folder === other) return undefined;
  // Files directly in core (index.ts, testing.ts) are its surface: they import everything, nothing imports them.
  if (from.length === 3) return undefined;
  if (target.length === 3) return `${folder} imports core's own surface "${specifier}"`;
  if (core[folder] === undefined) return `the import table does not know the folder "${folder}"`;
  return core[folder].includes(other) ? undefined : `${folder} must not import ${other}`;
}

function wrongPackage(path: string, name: string, specifier: string): string | undefined {
  if (isBuiltin(specifier)) {
    if (!specifier.startsWith('node:')) return `write "node:${specifier}"`;
    return name === 'core' && !isTest(path) ? `core is pure: no "${specifier}"` : undefined;
  }
  const [scope, target = '', ...deep] = specifier.split('/');
  if (scope !== '@fleetune' && scope !== 'fleetune') return wrongDependency(path, name, specifier);
  const wanted = scope === 'fleetune' ? scope : target;
  if (wanted === name) return isTest(path) ? undefined : `imports its own package by name`;
  if (!packages[name]?.includes(wanted)) return `${name} must not import ${wanted}`;
  const subpath = ['.', ...deep].join('/');
  if (!exportsOf(wanted).includes(subpath)) {
    return `"${specifier}" is not exported by ${wanted}`;
  }
  return subpath.endsWith('/testing') && !isTest(path) && !path.endsWith('testing.ts')
    ? `"${specifier}" is for tests`
    : undefined;
}

/** Third parties have to be in the package's own manifest; tests may use the repository's. */
function wrongDependency(path: string, name: string, specifier: string): string | undefined {
  const [scope = '', second] = specifier.split('/');
  const dependency = scope.startsWith('@') ? `${scope}/${second}` : scope;
  if (declared(join('packages', name)).includes(dependency)) return undefined;
  if ((isTest(path) || path.endsWith('testing.ts')) && declared('.').includes(dependency)) {
    return undefined;
  }
  return `"${dependency}" is not among the dependencies of packages/${name}/package.json`;
}

interface Manifest {
  exports?: Record<string, unknown>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

function manifest(folder: string): Manifest {
  const file = join(root, folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : {};
}

function exportsOf(name: string): string[] {
  return Object.keys(manifest(join('packages', name)).exports ?? {});
}

function declared(folder: string): string[] {
  const { dependencies, devDependencies } = manifest(folder);
  return [...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})];
}
