import { filesFolder } from '../../session/open-session.ts';
import { runStudy, type RunSession } from '../../session/run-study.ts';
import type { Console } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { openRunView, type RunView } from '../view/run-view.ts';
import { shownPath } from './database-file.ts';
import { flag, textOption } from './option.ts';
import { programLine } from './program-line.ts';
import { slotsOption, studyToRun } from './study-to-run.ts';

const HINT = 'Ctrl-C drains: running trials go back to the queue. A second one ends now.';

export async function run(invocation: Invocation): Promise<number> {
  const { options, console } = invocation;
  if (textOption(options, 'on') !== undefined) {
    const { runOn } = await import('./run-on.ts');
    return runOn(invocation);
  }
  const slots = slotsOption(options);
  const { spec, database, shown } = await studyToRun(invocation);
  const view = openRunView(console, spec, { json: flag(options, 'json'), hint: HINT });
  // A study without a file is found again by its name.
  if (invocation.operands.length === 0) {
    view.setup(`study ${spec.name} in ${shownPath(database, console.cwd)}`);
  }
  // From before the set-up on: a program that runs must not outlive us because a signal came too soon.
  const signals = listenForSignals(console, view);
  try {
    const session = await runStudy({
      spec,
      database,
      slots: slots ?? spec.engine.slots,
      keepGoing: flag(options, 'keepGoing'),
      onSetupLine: (line) => view.setup(line),
    });
    signals.passTo(session);
    view.watch(session);
    const result = await session.done;
    view.close();
    const command =
      result.status.incumbent && programLine(spec, result.status.incumbent.params, console.cwd);
    view.result(result, {
      place: {
        database: shownPath(database, console.cwd),
        files: shownPath(filesFolder(database, spec.name), console.cwd),
      },
      study: shown,
      ...(command === undefined ? {} : { command }),
    });
    return result.exitCode;
  } finally {
    view.close();
    signals.close();
  }
}

interface Signals {
  /** Also what has been heard before. */
  passTo(session: RunSession): void;
  close(): void;
}

/** The first signal drains, a second Ctrl-C ends everything now. */
function listenForSignals(console: Console, view: RunView): Signals {
  type Act = (session: RunSession) => void;
  const heard: Act[] = [];
  let act: (what: Act) => void = (what) => void heard.push(what);
  let draining = false;
  const close = console.onSignal((signal) => {
    if (!draining) {
      draining = true;
      const key = signal === 'SIGINT' ? 'Ctrl-C' : signal;
      view.notice(`${key}: draining, running trials go back to the queue. Ctrl-C again ends now.`);
      act((session) => session.drain(key));
    } else if (signal === 'SIGINT') {
      view.notice('Ctrl-C again: ending now.');
      act((session) => session.quit('a second Ctrl-C'));
    }
  });
  return {
    passTo(session) {
      act = (what) => what(session);
      heard.forEach(act);
    },
    close,
  };
}
