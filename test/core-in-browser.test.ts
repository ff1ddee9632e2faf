// Core runs anywhere: in a browser as one small file.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Params } from '@fleetune/core';
import { build } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCore, type PageResult } from './browser/core-page.ts';

const MOST_BYTES = 150_000;

const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

let folder: string;
let code: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fleetune-browser-'));
  code = await bundled();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Core and what the page does with it, minified. */
async function bundled(): Promise<string> {
  const { output } = await build({
    input: join(import.meta.dirname, 'browser/main.ts'),
    platform: 'browser',
    write: false,
    output: { format: 'esm', minify: true },
    logLevel: 'silent',
  });
  const [{ code, imports }, ...others] = output;
  expect({ imports, others }, 'one file that needs no other').toEqual({ imports: [], others: [] });
  return code;
}

it('all of core is below 150 kB when it is compressed', () => {
  // The page counts the exports, so that none is left out.
  expect(gzipSync(code).length).toBeLessThan(MOST_BYTES);
  expect(runCore().exported).toBeGreaterThan(40);
});

it('Chromium is there under CI', () => {
  if (process.env['CI']) expect(chromium, 'apt-get install chromium').toBeDefined();
});

describe.skipIf(chromium === undefined)('in Chromium', () => {
  it('every sampler is lawful, those without a model suggest what they do in Node.js, kernels give the same bits, and a study is created', () => {
    const page = join(folder, 'page.html');
    // The end of a script is the end of its element, wherever it stands.
    const script = code.replaceAll('</script', '<\\/script');
    writeFileSync(page, `<body><script type="module">${script}</script></body>`);
    const inPage = JSON.parse(textOf(page)) as PageResult;
    const here = runCore();
    expect(inPage.events).toEqual(here.events);
    expect(here.kernels.there, 'WebAssembly with SIMD').toBe(true);
    expect(inPage.kernels).toEqual(here.kernels);
    expect(Object.keys(inPage.params)).toEqual(Object.keys(here.params));
    for (const name of ['random', 'sobol', 'grid']) {
      expect(inPage.params[name]!.map(rounded)).toEqual(here.params[name]!.map(rounded));
    }
  });
});

/** Browsers and Node.js do not agree on the last digit of exp. */
function rounded(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      return [name, typeof value === 'number' ? Number(value.toPrecision(12)) : value];
    }),
  );
}

/** What the page shows after its scripts have run. */
function textOf(page: string): string {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const { stdout, stderr } = spawnSync(
    chromium!,
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', ...quiet],
      ...['--no-first-run', `--user-data-dir=${join(folder, 'profile')}`],
      ...['--timeout=60000', '--dump-dom', pathToFileURL(page).href],
    ],
    { encoding: 'utf8', timeout: 100_000 },
  );
  const body = /<body>(.*)<\/body>/s.exec(stdout)?.[1];
  expect(body, stderr).toBeDefined();
  return body!.trim();
}
