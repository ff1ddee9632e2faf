import { fail, replay, studyStatus, type StudyState } from '@fleetune/core';
import { viewDifferences } from '@fleetune/coordinator';
import type { Store } from '@fleetune/coordinator/store';
import { hasColour, print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { renderStatus } from '../view/render-status.ts';
import { countOption, flag } from './option.ts';
import { withStudy } from './study-argument.ts';

/** The most differences that are listed. */
const LISTED = 20;

export function replayStudy(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const until = countOption(options, 'until');
  return withStudy(invocation, ({ store, row }) => {
    const last = until ?? row.lastEvent;
    if (last > row.lastEvent) {
      const expected = `at most ${row.lastEvent}, the last event of the study`;
      throw fail('input.value', '--until', { expected, got: last });
    }
    const state = replay(eventsUntil(store, row.id, last));
    const differences = until === undefined ? viewDifferences(state, store, row) : undefined;
    const status = studyStatus(state, state.lastAt);
    if (flag(options, 'json')) {
      const verdict =
        differences === undefined ? {} : { equal: differences.length === 0, differences };
      printJson(console, { events: state.lastEvent, ...verdict, status });
    } else {
      const width = console.stdout.columns || 100;
      const size = { width, height: Infinity, now: state.lastAt };
      const colour = hasColour(console.stdout, console.env);
      print(console, [
        ...verdictLines(state, differences),
        '',
        ...renderStatus(status, { ...size, colour }),
      ]);
    }
    return differences === undefined || differences.length === 0 ? 0 : 1;
  });
}

function* eventsUntil(store: Store, study: number, last: number) {
  for (const event of store.events(study, 0)) {
    if (event.id > last) return;
    yield event;
  }
}

function verdictLines(state: StudyState, differences: readonly string[] | undefined): string[] {
  if (differences === undefined) return [`state after event ${state.lastEvent}`];
  if (differences.length === 0) {
    return [`${state.lastEvent} events folded: equal to the stored view`];
  }
  const more = differences.length - LISTED;
  return [
    `${state.lastEvent} events folded: the stored view differs`,
    ...differences.slice(0, LISTED).map((difference) => `  ${difference}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ];
}
