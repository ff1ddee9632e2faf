import { execFile } from 'node:child_process';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../root.ts';

export const dist = join(root, 'packages/fleetune/dist');
const types = join(dist, 'types');

/**
 * Emits the declarations of packages/fleetune/index.ts and of all that it reaches in other packages, and points their
 * imports at each other: at run time there are no other packages.
 */
export async function writeDeclarations(): Promise<void> {
  await rm(types, { recursive: true, force: true });
  const tsc = join(root, 'node_modules/typescript-native/bin/tsc');
  const project = join(root, 'scripts/build/tsconfig.declarations.json');
  await promisify(execFile)(process.execPath, [tsc, '-p', project, '--outDir', types]).catch(
    (error: { stdout?: string }) => {
      throw new Error(`tsc could not emit the declarations:\n${error.stdout}`, { cause: error });
    },
  );
  for (const file of await readdir(types, { recursive: true })) {
    if (!file.endsWith('.d.ts')) continue;
    const path = join(types, file);
    await writeFile(path, await redirectImports(await readFile(path, 'utf8'), path));
  }
}

/** `'./x.ts'` → `'./x.js'`, `'@fleetune/core'` → `'../core/index.js'`. */
async function redirectImports(text: string, path: string): Promise<string> {
  const exportsOf = new Map<string, Record<string, string>>();
  for (const [, name] of text.matchAll(/'@fleetune\/(\w+)/g)) {
    if (name === undefined) continue;
    const manifest = await readFile(join(root, 'packages', name, 'package.json'), 'utf8');
    exportsOf.set(name, (JSON.parse(manifest) as { exports: Record<string, string> }).exports);
  }
  return text.replace(/(['"])(\.[^'"]*|@fleetune\/[^'"]*)\1/g, (whole, quote, target: string) => {
    if (target.startsWith('.')) return `${quote}${target.replace(/\.ts$/, '.js')}${quote}`;
    const [, name = '', ...rest] = target.split('/');
    const file = exportsOf.get(name)?.[['.', ...rest].join('/')];
    if (file === undefined) throw new Error(`${path}: ${whole} is not exported by its package`);
    const to = relative(dirname(path), join(types, name, file))
      .split(sep)
      .join('/');
    return `${quote}${to.startsWith('.') ? to : `./${to}`}`.replace(/\.ts$/, '.js') + quote;
  });
}
