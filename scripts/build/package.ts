import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../root.ts';
import { bundle } from './bundle.ts';
import { writeDeclarations } from './declarations.ts';
import { writeNotices } from './notices.ts';

const home = join(root, 'packages/fleetune');

/** Fills dist/fleetune, ready for `npm pack` and `npm publish`. Everything is bundled: it depends on nothing. */
export async function buildPackage(): Promise<string> {
  const folder = join(root, 'dist/fleetune');
  const dist = join(folder, 'dist');
  await rm(folder, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const { bytes, modules } = await bundle(dist);
  await writeNotices(dist, modules);
  await writeDeclarations(join(dist, 'types'));
  await cp(join(home, 'bin'), join(folder, 'bin'), { recursive: true });
  for (const page of ['README.md', 'LICENSE']) {
    await copyFile(join(root, page), join(folder, page));
  }
  await writeFile(join(folder, 'package.json'), await manifest());
  return `dist/fleetune: ${Math.round(bytes / 1000)} kB`;
}

/** What only the checkout needs is left out. */
async function manifest(): Promise<string> {
  const source = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as object;
  const local = ['private', 'devDependencies'];
  const published = Object.entries(source).filter(([key]) => !local.includes(key));
  return `${JSON.stringify(Object.fromEntries(published), null, 2)}\n`;
}
