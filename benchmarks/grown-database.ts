import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteStore } from '@fleetune/coordinator/store';
import { grownStudy } from './grown-study.ts';

const WORKERS = 4;

/** The database of a study with so many trials: made at the first call and kept for later runs. */
export async function grownDatabase(trials: number): Promise<string> {
  const folder = join(tmpdir(), `fleetune-bench-studies-${version()}`);
  mkdirSync(folder, { recursive: true });
  const database = join(folder, `${trials}.db`);
  if (existsSync(database)) return database;
  const unfinished = `${database}.${process.pid}`;
  try {
    const store = sqliteStore(unfinished);
    const study = await grownStudy(store, WORKERS);
    await study.until(trials);
    await store.close();
    renameSync(unfinished, database);
    return database;
  } finally {
    for (const end of ['', '-wal', '-shm']) rmSync(unfinished + end, { force: true });
  }
}

const MAKERS = [
  'grown-study.ts',
  '../packages/core/study/snapshot.ts',
  '../packages/coordinator/snapshot-schedule.ts',
];

/** Another maker: other databases. */
function version(): string {
  const hash = createHash('sha256');
  for (const file of MAKERS) {
    hash.update(readFileSync(join(import.meta.dirname, file)));
  }
  return hash.digest('hex').slice(0, 8);
}
