import { existsSync } from 'node:fs';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../process.ts';
import { root } from '../root.ts';
import type { Suite } from './suite.ts';

const nothing: Suite = { passed: 0, failed: 0, skipped: 0, tests: [] };

/** The unit tests in python/. Without Python they fail in CI and are skipped, visibly, on a laptop. */
export async function runPython(filter: string): Promise<Suite> {
  if (!existsSync(join(root, 'python'))) return nothing;
  const folder = await mkdtemp(join(tmpdir(), 'fleetune-test-'));
  const file = join(folder, 'report.json');
  try {
    const code = await run('python3', ['scripts/test/unittests.py', file, filter]);
    const suite = JSON.parse(await readFile(file, 'utf8')) as Suite;
    return code !== 0 && suite.failed === 0 ? { ...suite, failed: 1 } : suite;
  } catch (error) {
    console.log(`python3 did not run: ${String(error)}`);
    return process.env['CI'] ? { ...nothing, failed: 1 } : { ...nothing, skipped: 1 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
