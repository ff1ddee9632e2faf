import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files of the last build; in the folder that it was installed in. */
const listName = 'files.json';

/**
 * Moves the files of a new build into the folder that commands run from. A command that is running may still load files
 * of the build that it started with: those stay until the build after this one.
 */
export async function install(built: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = await readdir(built);
  const previous = await listed(folder);
  // Files that hand over come last: when they change, what they name is there.
  for (const name of files.toSorted((a, b) => Number(hashed(b)) - Number(hashed(a)))) {
    if (!hashed(name) || !existsSync(join(folder, name))) {
      await rename(join(built, name), join(folder, name));
    }
  }
  await writeFile(join(built, listName), JSON.stringify(files));
  await rename(join(built, listName), join(folder, listName));
  const wanted = new Set([...files, ...previous, listName]);
  for (const name of await readdir(folder)) {
    if (!wanted.has(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Of a file with a hash in its name, one with the same name has the same content. */
function hashed(name: string): boolean {
  return /-[\w-]{8}\.js$/.test(name);
}

async function listed(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, listName), 'utf8').catch(() => '[]');
  return JSON.parse(text) as string[];
}
