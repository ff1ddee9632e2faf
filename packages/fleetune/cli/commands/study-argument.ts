import { existsSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { fail, shellQuote } from '@fleetune/core';
import { sqliteStore, type Store, type StudyRow } from '@fleetune/coordinator/store';
import type { Place } from '../../session/address.ts';
import { openStudies, type Studies } from '../../session/studies.ts';
import type { Invocation } from '../manual/page.ts';
import { coordinatorAddress } from './coordinator-address.ts';
import { databaseBeside, databaseFile, shownPath } from './database-file.ts';
import { textOption } from './option.ts';

export interface StudyArgument {
  name: string;
  /** Of no meaning with `--on`. */
  database: string;
  /** The study file, when the argument is one. */
  file?: string;
  /** STUDY with the options that find it again from the current folder. */
  shown: string;
}

/** DESIGN §15.1: a path if it exists, else a name in `--db` or ./fleetune.db. */
export async function studyArgument(invocation: Invocation): Promise<StudyArgument> {
  const { operands, options, console } = invocation;
  const argument = operands[0]!;
  const chosen = textOption(options, 'db');
  const db = chosen === undefined ? '' : ` --db ${shellQuote(chosen)}`;
  const path = resolve(console.cwd, argument);
  if (existsSync(path) && statSync(path).isFile()) {
    // What reads files is not loaded for a name.
    const { readStudyName } = await import('../study-file/read-study-file.ts');
    return {
      name: readStudyName(argument, console.cwd),
      database: chosen === undefined ? databaseBeside(path) : resolve(console.cwd, chosen),
      file: argument,
      shown: shellQuote(argument) + db,
    };
  }
  if (['.yaml', '.yml', '.json'].includes(extname(argument)) || argument.includes('/')) {
    throw fail('study-file.not-found', argument, {});
  }
  return {
    name: argument,
    database: databaseFile(options, console.cwd),
    shown: shellQuote(argument) + db,
  };
}

/** Reads the database, also while a run writes it. */
export async function withStore<T>(
  database: string,
  use: (store: Store) => T | Promise<T>,
): Promise<T> {
  const store = sqliteStore(database, { readOnly: true });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Where commands that take no study look: `--on`, else a database. */
function placeOf(invocation: Invocation, database: string): Place {
  const { options } = invocation;
  if (options.on !== undefined && options.db !== undefined) {
    throw fail('cli.usage', '--on', {
      problem: 'a study is on a coordinator or in a database: --on and --db exclude each other',
      command: 'study list',
    });
  }
  const on = coordinatorAddress(invocation, 'on');
  return on === undefined ? { database } : { on };
}

export interface NamedStudy {
  argument: StudyArgument;
  studies: Studies;
}

/** The study that the first operand names, and where it is. */
export async function namedStudy(invocation: Invocation): Promise<NamedStudy> {
  const argument = await studyArgument(invocation);
  return { argument, studies: openStudies(placeOf(invocation, argument.database)) };
}

/** The studies that are meant without naming one. */
export function allStudies(invocation: Invocation): Studies {
  return openStudies(placeOf(invocation, databaseFile(invocation.options, invocation.console.cwd)));
}

/** The stored study that the first operand names. */
export async function withStudy<T>(
  invocation: Invocation,
  use: (study: { store: Store; row: StudyRow; argument: StudyArgument }) => T | Promise<T>,
): Promise<T> {
  const argument = await studyArgument(invocation);
  return withStore(argument.database, (store) => {
    const row = store.study(argument.name);
    if (row === undefined) {
      const place = shownPath(argument.database, invocation.console.cwd);
      throw fail('study.not-found', place, { name: argument.name });
    }
    return use({ store, row, argument });
  });
}
