import { existsSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import {
  FleetuneError,
  fail,
  studyStatus,
  whyWaiting,
  type Reason,
  type StudyState,
} from '@fleetune/core';
import {
  isLiving,
  loadStudy,
  sqliteStore,
  type Owner,
  type Store,
  type TrialRow,
} from '@fleetune/coordinator/store';
import type { StudyClient } from '@fleetune/protocol/node';
import type { Address } from './address.ts';
import type { Studies, StudyView } from './studies.ts';

/** An owner that is there but does not answer must not keep readers waiting. */
const OWNER_ANSWERS_MS = 2_000;

/** The studies of a database file: read as they are in it, changed by its owner. */
export function storedStudies(database: string): Studies {
  const read = async <T>(use: (store: Store) => T | Promise<T>): Promise<T> => {
    const store = sqliteStore(database, { readOnly: true });
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  };
  const rowIn = (store: Store, name: string) => {
    const row = store.study(name);
    if (row === undefined) throw fail('study.not-found', database, { name });
    return row;
  };
  const ask: Studies['ask'] = async (request) => {
    if (!existsSync(database)) throw fail('store.not-found', database, {});
    const owner = await read(livingOwner);
    if (owner !== undefined) return askAt(addressOf(owner), request);
    const { openSession } = await import('./open-session.ts');
    const session = await openSession(database);
    return askAt(session, request).finally(() => session.close());
  };
  return {
    list: () => read((store) => store.studies()),
    study: (name) => read((store) => rowIn(store, name)),
    trials: (name, state) =>
      read((store) => store.trials(rowIn(store, name).id, state === undefined ? {} : { state })),
    trial: (name, number) =>
      read((store) => {
        const trial = store.trial(rowIn(store, name).id, number);
        if (trial === undefined) throw fail('trial.not-found', name, { trial: number });
        const waiting = waitingIn(store, rowIn(store, name).id, trial);
        return { ...trial, ...(waiting && { waiting }) };
      }),
    trialEvents: (name, number) =>
      read((store) => {
        const { id, lastEvent } = rowIn(store, name);
        return store.trialEvents(id, number, 0, lastEvent);
      }),
    status: (name) =>
      read((store) => viewOf(loadStudy(store, rowIn(store, name).id), livingOwner(store))),
    ask,
    async remove(name) {
      await ask((owner) => owner.deleteStudy({ name }));
      const { filesFolder } = await import('./open-session.ts');
      rmSync(filesFolder(database, name), { recursive: true, force: true });
    },
  };
}

/** Only of a trial that waits: it takes the whole study. */
function waitingIn(store: Store, id: number, { number, state: its }: TrialRow): Reason | undefined {
  if (its !== 'queued' && its !== 'paused') return undefined;
  const state = loadStudy(store, id);
  // What a killed coordinator left behind says "running".
  if (livingOwner(store) === undefined) state.run = undefined;
  return whyWaiting(state, number, Date.now());
}

/** What a living owner knows beyond the log comes from it; the log is as good for everything else. */
async function viewOf(state: StudyState, owner: Owner | undefined): Promise<StudyView> {
  if (state.run === undefined) {
    return { status: studyStatus(state, state.lastAt), at: state.lastAt, interrupted: false };
  }
  if (owner === undefined) {
    // After a kill the log still says "running"; its time ended with its last sign of life.
    const { aliveAt } = state.run;
    return { status: studyStatus(state, aliveAt), at: aliveAt, interrupted: true };
  }
  const at = Date.now();
  const { name } = state.spec!;
  const status = await ownersStatus(owner, name).catch((error: unknown) => {
    if (error instanceof FleetuneError) return studyStatus(state, at);
    throw error;
  });
  return { status, at, interrupted: false };
}

function ownersStatus(owner: Owner, name: string) {
  return askAt(addressOf(owner), (client) =>
    client.studyStatus({ name }, { signal: AbortSignal.timeout(OWNER_ANSWERS_MS) }),
  );
}

function livingOwner(store: Store): Owner | undefined {
  const owner = store.owner();
  return owner !== undefined && isLiving(owner, hostname()) ? owner : undefined;
}

function addressOf({ url, tokenFile, pid }: Owner): Address {
  try {
    return { url, token: readFileSync(tokenFile, 'utf8') };
  } catch (cause) {
    throw fail('store.token-unreadable', tokenFile, { pid }, { cause });
  }
}

async function askAt<T>(address: Address, request: (owner: StudyClient) => Promise<T>): Promise<T> {
  // Whoever only reads has no use for these: half of the time of a short command is loading code.
  const { studyClient } = await import('@fleetune/protocol/node');
  const { connect } = await import('./address.ts');
  const connection = connect(address);
  return request(studyClient(connection)).finally(() => connection.close());
}
