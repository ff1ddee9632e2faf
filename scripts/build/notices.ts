import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

interface Manifest {
  name?: string;
  version?: string;
  license?: string;
  private?: boolean;
}

/** Writes the licences of every package whose code is inside the bundle, as those licences ask for. */
export async function writeNotices(folder: string, modules: string[]): Promise<void> {
  const packages = new Map<string, string>();
  for (const module of modules) {
    if (!module.includes('/node_modules/')) continue;
    const home = packageFolder(module);
    const { name, version, license } = manifest(home);
    packages.set(`${name} ${version}`, `${license ?? 'see below'}\n\n${licenceText(home)}`);
  }
  const rule = '-'.repeat(78);
  const sections = [...packages]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => `${rule}\n${name} · ${text.trim()}\n`);
  const opening =
    'The files in this folder contain code of these packages, under their own licences.\n';
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), [opening, ...sections].join('\n'));
}

/** Some packages carry nameless package.json files in sub-folders: those do not count. */
function packageFolder(module: string): string {
  let folder = dirname(module);
  while (!existsSync(join(folder, 'package.json')) || manifest(folder).version === undefined) {
    folder = dirname(folder);
  }
  return folder;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function licenceText(folder: string): string {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file === undefined ? '' : readFileSync(join(folder, file), 'utf8');
}
