import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { install } from './install.ts';

let folder: string;
let dist: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetune-install-'));
  dist = join(folder, 'dist');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Installs a build whose command is in a file with that hash; what lies in dist afterwards. */
async function build(hash: string): Promise<string[]> {
  const built = join(folder, hash);
  mkdirSync(built);
  writeFileSync(join(built, 'cli.js'), `import './cli-${hash}.js';`);
  writeFileSync(join(built, `cli-${hash}.js`), '');
  await install(built, dist);
  return readdirSync(dist).filter((name) => name !== 'files.json');
}

describe('a new build', () => {
  it('leaves the files of the one before it to commands that are running', async () => {
    await build('aaaaaaa1');
    expect(await build('aaaaaaa2')).toEqual(['cli-aaaaaaa1.js', 'cli-aaaaaaa2.js', 'cli.js']);
    expect(readFileSync(join(dist, 'cli.js'), 'utf8')).toContain('aaaaaaa2');
  });

  it('removes what is older, also of builds that kept no list', async () => {
    mkdirSync(dist);
    writeFileSync(join(dist, 'stale-aaaaaaa0.js'), '');
    await build('aaaaaaa1');
    await build('aaaaaaa2');
    expect(await build('aaaaaaa3')).toEqual(['cli-aaaaaaa2.js', 'cli-aaaaaaa3.js', 'cli.js']);
  });
});
