import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger } from '@fleetune/platform/node';
import type { Assignment } from '@fleetune/protocol';
import { createLocalizer, type LocalFolders } from './local-program.ts';
import { startFailure } from './start-failure.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetune local '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function localized(files: string, folders: LocalFolders = {}) {
  const warnings: string[] = [];
  const log = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  const local = createLocalizer(folders, log);
  const assignment = { study: 'mlp', program: { files, cwd: '/there' } } as Assignment;
  local(assignment);
  return { program: local(assignment).program, warnings };
}

test("trial files go to the coordinator's folder where it can be made", () => {
  const files = join(folder, 'a', 'mlp');
  const { program, warnings } = localized(files);
  expect(program).toEqual({ files, cwd: '/there' });
  expect(existsSync(files)).toBe(true);
  expect(warnings).toEqual([]);
});

test("else to the worker's own, which is said once, with what to do", () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const { program, warnings } = localized(join(file, 'mlp'));
  expect(program.files).toBe(join(process.cwd(), '.fleetune', 'mlp'));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('--files');
});

test('folders that were given to the worker win', () => {
  const { program } = localized(join(folder, 'there'), { filesFolder: folder, cwd: '/here' });
  expect(program).toEqual({ files: join(folder, 'mlp'), cwd: '/here' });
  expect(existsSync(join(folder, 'there'))).toBe(false);
});

test('a folder that is not there is a failure that names it, the host and the remedy', () => {
  const spec = { file: 'python3', args: [], cwd: join(folder, 'none'), env: {} };
  const why = startFailure(new Error('spawn ENOENT'), spec);
  expect(why).toContain(`${join(folder, 'none')}: there is no such folder on ${hostname()}`);
  expect(why).toContain('--cwd');
});
