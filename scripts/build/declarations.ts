import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../root.ts';
import { reachable } from './reachable-declarations.ts';

/**
 * Writes the declarations of packages/fleetune/index.ts and of what it reaches in other packages into `folder`: the
 * published package has no other packages, so only relative imports may remain.
 */
export async function writeDeclarations(folder: string): Promise<void> {
  const emitted = await mkdtemp(join(tmpdir(), 'fleetune-types-'));
  try {
    await emit(emitted);
    for (const [file, text] of reachable(emitted, 'fleetune/index.d.ts')) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
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
