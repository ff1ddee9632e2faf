import { FleetuneError, fail, type StudySpec } from '@fleetune/core';
import { systemRandom } from '@fleetune/platform/node';
import { filesFolder } from '../../session/open-session.ts';
import { runStudy, type RunSession } from '../../session/run-study.ts';
import { adHocStudy } from '../ad-hoc/ad-hoc-study.ts';
import type { Console } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { readStudyFile, type Overrides } from '../study-file/read-study-file.ts';
import { openRunView, type RunView } from '../view/run-view.ts';
import { countOption, durationOption, flag, textOption } from './option.ts';
import { programLine } from './program-line.ts';
import { databaseFile, shownPath, studyArgument, withStore } from './study-argument.ts';
import { storedSpec } from './stored-study.ts';

// As in the study file's schema.
const MOST_SLOTS = 10_000;
const MOST_SEED = 4_294_967_295;

export async function run(invocation: Invocation): Promise<number> {
  const { options, console } = invocation;
  const slots = countOption(options, 'slots', 1, MOST_SLOTS);
  const { spec, database, shown } = await studyToRun(invocation, overridesOf(options));
  const view = openRunView(console, spec, flag(options, 'json'));
  // A study without a file is found again by its name.
  if (invocation.operands.length === 0) {
    view.setup(`study ${spec.name} in ${shownPath(database, console.cwd)}`);
  }
  const session = await runStudy({
    spec,
    database,
    slots: slots ?? spec.engine.slots,
    keepGoing: flag(options, 'keepGoing'),
    onSetupLine: (line) => view.setup(line),
  });
  const stopListening = drainOnSignal(console, session, view);
  try {
    view.watch(session);
    const result = await session.done;
    view.close();
    const command =
      result.status.incumbent && programLine(spec, result.status.incumbent.params, console.cwd);
    view.result(result, {
      database: shownPath(database, console.cwd),
      files: shownPath(filesFolder(database, spec.name), console.cwd),
      study: shown,
      ...(command === undefined ? {} : { command }),
    });
    return result.exitCode;
  } finally {
    view.close();
    stopListening();
  }
}

interface StudyToRun {
  spec: StudySpec;
  database: string;
  /** STUDY as later commands take it. */
  shown: string;
}

async function studyToRun(invocation: Invocation, overrides: Overrides): Promise<StudyToRun> {
  const { operands, options, rest, console } = invocation;
  if (operands.length === 0) {
    const database = databaseFile(options, console.cwd);
    const flags = adHocFlags(invocation);
    const { name } = adHocStudy(flags, overrides, 0, console.cwd);
    const seed = overrides.seed ?? (await seedOf(database, name));
    const db = textOption(options, 'db');
    return {
      spec: adHocStudy(flags, overrides, seed, console.cwd),
      database,
      shown: name + (db === undefined ? '' : ` --db ${db}`),
    };
  }
  if (rest.length > 0 || options.param !== undefined) {
    throw fail('cli.usage', 'run', {
      problem: 'a study file and --param or a command after "--" exclude each other',
      command: 'run',
    });
  }
  const { name, file, database, shown } = studyArgument(invocation);
  if (file === undefined) {
    return { spec: await storedSpec(database, name, overrides), database, shown };
  }
  const seed = overrides.seed ?? (await seedOf(database, name));
  return { spec: readStudyFile(file, console.cwd, seed, overrides), database, shown };
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

function overridesOf(options: Invocation['options']): Overrides {
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

/** The first signal drains, a second Ctrl-C ends everything now. */
function drainOnSignal(console: Console, session: RunSession, view: RunView): () => void {
  let draining = false;
  return console.onSignal((signal) => {
    if (!draining) {
      draining = true;
      const key = signal === 'SIGINT' ? 'Ctrl-C' : signal;
      view.notice(`${key}: draining, running trials go back to the queue. Ctrl-C again ends now.`);
      session.drain(key);
    } else if (signal === 'SIGINT') {
      view.notice('Ctrl-C again: ending now.');
      session.quit('a second Ctrl-C');
    }
  });
}
