import { openStudies } from '../../session/studies.ts';
import { followStudy } from '../../session/follow-study.ts';
import type { Invocation } from '../manual/page.ts';
import { openRunView, type RunView } from '../view/run-view.ts';
import { flag } from './option.ts';
import { programLine } from './program-line.ts';
import { submitStudy, submittedLines, type Submitted } from './submission.ts';

const DETACHED = 130;
const HINT = 'Ctrl-C stops watching: the study goes on where it runs.';

/** Like `run`, but the coordinator elsewhere runs the study: we only watch. */
export async function runOn(invocation: Invocation): Promise<number> {
  const { options, console } = invocation;
  const submitted = await submitStudy(invocation);
  const { name, address, shown, lastEvent } = submitted;
  const { spec } = await openStudies({ on: address }).study(name);
  const view = openRunView(console, spec, { json: flag(options, 'json'), hint: HINT });
  const left = Promise.withResolvers<void>();
  // Before anything is printed: who reads it may end us at once.
  const stopListening = leaveOnSignal(invocation, view, submitted, left.resolve);
  submittedLines(submitted).forEach((line) => view.setup(line));
  const study = await followStudy(address, name, {
    after: lastEvent,
    onAway: () => view.notice(`no answer from ${address.url}; trying on, the study waits there`),
  });
  void left.promise.then(study.leave);
  try {
    view.watch(study);
    const result = await study.done;
    view.close();
    if (result === undefined) return DETACHED;
    const { incumbent } = result.status;
    const command = incumbent && programLine(spec, incumbent.params, console.cwd);
    const place = { on: address.url };
    view.result(result, { place, study: shown, ...(command !== undefined && { command }) });
    return result.exitCode;
  } finally {
    view.close();
    stopListening();
  }
}

/** The study is not ours to end: whoever stops watching leaves it running. */
function leaveOnSignal(
  { console }: Invocation,
  view: RunView,
  { name, address, shown }: Submitted,
  leave: () => void,
): () => void {
  return console.onSignal((signal) => {
    leave();
    view.close();
    const key = signal === 'SIGINT' ? 'Ctrl-C' : signal;
    view.notice(`${key}: ${name} goes on without us on ${address.url}`);
    view.notice(`  watch it again: ${console.program} run ${shown}`);
    view.notice(`  end it:         ${console.program} study stop ${shown}`);
  });
}
