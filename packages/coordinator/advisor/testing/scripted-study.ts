import {
  searchSpace,
  tpeDefaults,
  type Change,
  type Parameter,
  type StudySpec,
} from '@fleetune/core';
import { manualClock } from '@fleetune/platform/testing';
import { sampleSpec } from '../../store/testing/samples.ts';
import { createAdvisor, type Advisor, type AdvisorOptions } from '../advisor.ts';
import { scriptedThinker } from './scripted-thinker.ts';

const x: Parameter = { name: 'x', type: 'float', low: 0, high: 1, log: false };

export const tpeSpec: StudySpec = {
  ...sampleSpec,
  space: [x, { ...x, name: 'y' }],
  sampler: { type: 'tpe', ...tpeDefaults, startup: 4, candidates: 8 },
};

type Answer = ReturnType<Advisor['suggest']>;

/** A study as its advisor sees it, on a clock of the test's; `others` are trials that run all the time. */
export function scriptedStudy(
  change: Partial<StudySpec> = {},
  options: Partial<AdvisorOptions> = {},
  others = 0,
) {
  const spec = { ...tpeSpec, ...change };
  const clock = manualClock();
  const thinker = scriptedThinker(clock);
  const changes: Change[] = [];
  const running = new Set<number>();
  let ready = 0;
  const advisor = createAdvisor({
    spec,
    space: searchSpace(spec.space, spec.constraints),
    history: () => changes,
    clock,
    thinkers: thinker,
    running: () => others + running.size,
    onReady: () => (ready += 1),
    ...options,
  });
  let trials = 0;

  function observe(change: Change): void {
    changes.push(change);
    advisor.observe(change);
  }

  function ask(): Answer {
    const answer = advisor.suggest(trials);
    if (answer === 'pending' || 'exhausted' in answer) return answer;
    running.add(trials);
    observe({ trial: trials, params: answer.params, outcome: { state: 'pending' } });
    trials += 1;
    return answer;
  }

  return {
    advisor,
    changes,
    clock,
    thinker,
    running,
    /** How often a pending suggestion was called ready. */
    readyCalls: () => ready,
    /** Asks for the next trial and, if there is a suggestion, starts it. */
    ask,
    /** Asks until the suggestion is there. */
    askPatiently(): Answer {
      for (;;) {
        const answer = ask();
        if (answer !== 'pending') return answer;
        clock.advance(clock.untilNext()!);
      }
    },
    /** The oldest running trial ends, or the one that is named. */
    end(trial = [...running][0]!): void {
      running.delete(trial);
      const { params } = changes.findLast((one) => one.trial === trial)!;
      const loss = Object.values(params).reduce<number>((sum, value) => sum + Number(value), 0);
      observe({ trial, params, outcome: { state: 'completed', loss } });
    },
  };
}
