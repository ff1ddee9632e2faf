import { FleetuneError, fail, shellQuote, type StudySpec } from '@fleetune/core';
import type { OperationInput } from '@fleetune/protocol';
import { systemRandom } from '@fleetune/platform/node';
import { adHocStudy } from '../ad-hoc/ad-hoc-study.ts';
import type { Invocation } from '../manual/page.ts';
import { readStudyFile, type Overrides, type StudyFile } from '../study-file/read-study-file.ts';
import { countOption, durationOption, flag, textOption } from './option.ts';
import { storedSpec } from './stored-study.ts';
import { databaseFile } from './database-file.ts';
import { studyArgument, withStore } from './study-argument.ts';

// As in the study file's schema.
const MOST_SLOTS = 10_000;
const MOST_SEED = 4_294_967_295;

export interface StudyToRun {
  spec: StudySpec;
  database: string;
  /** STUDY as later commands take it. */
  shown: string;
}

/** The study for a run in this process. */
export async function studyToRun(invocation: Invocation): Promise<StudyToRun> {
  const { operands, options, console } = invocation;
  const overrides = overridesOf(options);
  if (operands.length === 0) {
    const database = databaseFile(options, console.cwd);
    const flags = adHocFlags(invocation);
    const { name } = adHocStudy(flags, overrides, 0, console.cwd).spec;
    const seed = overrides.seed ?? (await seedOf(database, name));
    const db = textOption(options, 'db');
    return {
      spec: adHocStudy(flags, overrides, seed, console.cwd).spec,
      database,
      shown: name + (db === undefined ? '' : ` --db ${shellQuote(db)}`),
    };
  }
  refuseBoth(invocation);
  const { name, file, database, shown } = await studyArgument(invocation);
  if (file === undefined) {
    return { spec: await storedSpec(database, name, overrides), database, shown };
  }
  const seed = overrides.seed ?? (await seedOf(database, name));
  return { spec: readStudyFile(file, console.cwd, seed, overrides).spec, database, shown };
}

export interface StudyToSubmit {
  spec: StudySpec;
  submission: OperationInput<'submitStudy'>;
}

/** The study for a coordinator elsewhere; nothing when STUDY is the name of one that it has, and is to stay as it is. */
export async function studyToSubmit(invocation: Invocation): Promise<StudyToSubmit | undefined> {
  const { operands, options, console } = invocation;
  const overrides = overridesOf(options);
  const read = async (): Promise<StudyFile | undefined> => {
    if (operands.length === 0) {
      return adHocStudy(adHocFlags(invocation), overrides, 0, console.cwd);
    }
    refuseBoth(invocation);
    const { file } = await studyArgument(invocation);
    return file === undefined ? undefined : readStudyFile(file, console.cwd, 0, overrides);
  };
  const found = await read();
  if (found === undefined) {
    if (Object.keys(overrides).length === 0) return undefined;
    throw fail('cli.usage', operands[0]!, {
      problem: 'to change a study that is on a coordinator, name its study file',
      command: 'submit',
    });
  }
  const slots = slotsOption(options);
  const { file, spec } = found;
  const submission = {
    file,
    cwd: spec.cwd,
    ...(overrides.seed !== undefined && { seed: overrides.seed }),
    ...(slots !== undefined && { slots }),
    ...(flag(options, 'keepGoing') && { keepGoing: true }),
  };
  return { spec, submission };
}

export function slotsOption(options: Invocation['options']): number | undefined {
  return countOption(options, 'slots', 1, MOST_SLOTS);
}

function refuseBoth({ rest, options }: Invocation): void {
  if (rest.length === 0 && options.param === undefined) return;
  throw fail('cli.usage', 'run', {
    problem: 'a study file and --param or a command after "--" exclude each other',
    command: 'run',
  });
}

function adHocFlags({ options, rest }: Invocation) {
  const maximize = textOption(options, 'maximize');
  const minimize = textOption(options, 'minimize');
  return {
    param: Array.isArray(options.param) ? options.param : [],
    ...(maximize === undefined ? {} : { maximize }),
    ...(minimize === undefined ? {} : { minimize }),
    command: rest,
  };
}

export function overridesOf(options: Invocation['options']): Overrides {
  const trials = countOption(options, 'trials');
  const time = durationOption(options, 'time');
  const seed = countOption(options, 'seed', 0, MOST_SEED);
  return {
    ...(trials === undefined ? {} : { trials }),
    ...(time === undefined ? {} : { time }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** For a study without a seed of its own: the one that it began with, else a new one. */
async function seedOf(database: string, name: string): Promise<number> {
  const stored = await withStore(database, (store) => store.study(name)?.spec.seed).catch(
    (error: unknown) => {
      // Also an empty file, which a full disk may have left.
      if (error instanceof FleetuneError && error.code === 'store.not-found') return undefined;
      throw error;
    },
  );
  return stored ?? systemRandom.seed();
}
