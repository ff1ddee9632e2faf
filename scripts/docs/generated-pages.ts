import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from '../root.ts';
import { errorsPage } from './errors-page.ts';
import { httpPage } from './http-page.ts';
import { studyFilePage } from './study-file-page.ts';

export interface GeneratedPage {
  path: string;
  text: string;
  /** The file says something else. */
  stale: boolean;
}

export async function generatedPages(): Promise<GeneratedPage[]> {
  const pages = {
    'docs/study-file.md': studyFilePage(),
    'docs/reference/errors.md': errorsPage(),
    'docs/reference/http.md': httpPage(),
  };
  return Promise.all(
    Object.entries(pages).map(async ([path, raw]) => {
      const file = join(root, path);
      const text = await format(raw, { ...(await resolveConfig(file)), parser: 'markdown' });
      return { path, text, stale: !existsSync(file) || readFileSync(file, 'utf8') !== text };
    }),
  );
}
