import { existsSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { fail } from '@fleetune/core';
import { isLiving, sqliteStore, type Owner } from '@fleetune/coordinator/store';
import { httpConnection, studyClient, type StudyClient } from '@fleetune/protocol/node';
import { filesFolder, openSession } from './open-session.ts';

/** Changes to stored studies, whoever owns the database: its living owner is asked, else it is ours for the moment. */
export interface Studies {
  /** Number of the new trial. */
  enqueue(study: string, params: Record<string, unknown>): Promise<number>;
  /** Ends the study's run; `study.not-running` when there is none. */
  stop(study: string, reason: string): Promise<void>;
  /** Deletes the study's log, tables and trial files; refused while somebody works on it. */
  remove(study: string): Promise<void>;
}

export function openStudies(database: string): Studies {
  return {
    enqueue: (study, params) =>
      withOwner(
        database,
        async (client) => (await client.enqueueTrial({ name: study, params })).trial,
        ({ coordinator }) => coordinator.enqueue(coordinator.host(study), params),
      ),
    stop: (study, reason) =>
      withOwner(
        database,
        async (client) => void (await client.stopStudy({ name: study, reason })),
        ({ coordinator }) => coordinator.stopStudy(coordinator.host(study), reason),
      ),
    async remove(study) {
      const session = await openSession(database);
      try {
        session.remove(study);
        rmSync(filesFolder(database, study), { recursive: true, force: true });
      } finally {
        await session.close();
      }
    },
  };
}

async function withOwner<T>(
  database: string,
  ask: (client: StudyClient) => Promise<T>,
  own: (session: Awaited<ReturnType<typeof openSession>>) => Promise<T>,
): Promise<T> {
  const owner = await livingOwner(database);
  if (owner !== undefined) {
    const connection = httpConnection(owner.url, tokenOf(owner));
    return ask(studyClient(connection)).finally(() => connection.close());
  }
  const session = await openSession(database);
  return own(session).finally(() => session.close());
}

async function livingOwner(database: string): Promise<Owner | undefined> {
  if (!existsSync(database)) throw fail('store.not-found', database, {});
  const store = sqliteStore(database, { readOnly: true });
  const owner = store.owner();
  await store.close();
  return owner !== undefined && isLiving(owner, hostname()) ? owner : undefined;
}

function tokenOf(owner: Owner): string {
  try {
    return readFileSync(owner.tokenFile, 'utf8');
  } catch (cause) {
    throw fail('store.token-unreadable', owner.tokenFile, { pid: owner.pid }, { cause });
  }
}
