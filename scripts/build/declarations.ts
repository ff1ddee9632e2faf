import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../root.ts';

/**
 * Writes the declarations of packages/fleetune/index.ts and of all that it reaches in other packages into `folder`, and
 * points their imports at each other: the published package has no other packages.
 */
export async function writeDeclarations(folder: string): Promise<void> {
  const emitted = await mkdtemp(join(tmpdir(), 'fleetune-types-'));
  try {
    await emit(emitted);
    const waiting = ['fleetune/index.d.ts'];
    const written = new Set<string>();
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (written.has(file)) continue;
      written.add(file);
      const { text, reached } = await redirect(await readFile(join(emitted, file), 'utf8'), file);
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
      waiting.push(...reached);
    }
  } finally {
    await rm(emitted, { recursive: true, force: true });
  }
}

async function emit(folder: string): Promise<void> {
  const tsc = join(root, 'node_modules/typescript-native/bin/tsc');
  const project = join(root, 'scripts/build/tsconfig.declarations.json');
  try {
    await promisify(execFile)(process.execPath, [tsc, '-p', project, '--outDir', folder]);
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    throw new Error(`tsc could not emit the declarations:\n${stdout}`, { cause: error });
  }
}

/** In `file`: `'./x.ts'` → `'./x.js'`, `'@fleetune/core'` → `'../core/index.js'`; and the files that are meant. */
async function redirect(text: string, file: string): Promise<{ text: string; reached: string[] }> {
  const reached: string[] = [];
  const targets = new Map<string, string>();
  for (const [, specifier = ''] of text.matchAll(/(?:from|import) *\(?['"]([^'"]+)['"]/g)) {
    if (isBuiltin(specifier)) continue;
    const target = specifier.startsWith('.')
      ? posix.join(posix.dirname(file), specifier)
      : await exported(specifier, file);
    const relative = posix.relative(posix.dirname(file), target).replace(/\.ts$/, '.js');
    targets.set(specifier, relative.startsWith('.') ? relative : `./${relative}`);
    reached.push(target.replace(/\.ts$/, '.d.ts'));
  }
  const redirected = text.replace(
    /((?:from|import) *\(?['"])([^'"]+)(?=['"])/g,
    (whole, before: string, specifier: string) => {
      const target = targets.get(specifier);
      return target === undefined ? whole : before + target;
    },
  );
  return { text: redirected, reached };
}

/** `@fleetune/core` → `core/index.ts`, by the exports of that package. */
async function exported(specifier: string, file: string): Promise<string> {
  const [scope, name = '', ...rest] = specifier.split('/');
  if (scope !== '@fleetune') {
    throw new Error(
      `${file}: the public declarations name "${specifier}", which users do not have`,
    );
  }
  const manifest = await readFile(join(root, 'packages', name, 'package.json'), 'utf8');
  const { exports } = JSON.parse(manifest) as { exports: Record<string, string> };
  const target = exports[['.', ...rest].join('/')];
  if (target === undefined) throw new Error(`${file}: "${specifier}" is not exported`);
  return posix.join(name, target);
}
