import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../check/sources.ts';
import { root } from '../root.ts';
import { fences } from './fences.ts';

/** Every markdown page of the project. */
export function pages(): { path: string; text: string }[] {
  return listFiles('*.md').map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Pages with at least one block to execute. */
export function pagesToRun(): string[] {
  return pages()
    .filter(({ text }) => fences(text).some(({ marker }) => marker.kind === 'run'))
    .map(({ path }) => path);
}
