import { errorInfo, type ErrorInfo } from '../errors/index.ts';
import { adoptInto } from '../space/adopt.ts';
import { searchSpace } from '../space/search-space.ts';
import { changedKeys, compatible } from '../space/study-change.ts';
import type { StudySpec } from '../space/study-spec.ts';
import type { Outcome, StudyCommand } from './command.ts';
import { specOf, type StudyState } from './state.ts';

type ChangeSpec = Extract<StudyCommand, { kind: 'change-spec' }>;

export function decideCreate(state: StudyState, spec: StudySpec): Outcome {
  if (state.spec !== undefined) {
    return { refused: errorInfo('study.exists', 'name', { name: state.spec.name }) };
  }
  return { events: [{ kind: 'study-created', v: 1, spec }] };
}

export function decideChangeSpec(state: StudyState, { spec, reason }: ChangeSpec): Outcome {
  const before = specOf(state);
  const changed = changedKeys(before, spec);
  if (changed.length === 0) return { events: [] };
  const other = compatible(before, spec) ?? unknownParameter(state, spec);
  if (other !== undefined) return { refused: other };
  return { events: [{ kind: 'spec-changed', v: 1, spec, changed, ...(reason && { reason }) }] };
}

/** Nobody knows what the trials so far stood for in a new parameter without a default. */
function unknownParameter(state: StudyState, spec: StudySpec): ErrorInfo | undefined {
  const adopt = adoptInto(searchSpace(spec.space, spec.constraints));
  const trials = new Map<string, number>();
  for (const trial of state.trials) {
    if (trial.state === 'cancelled') continue;
    for (const name of adopt(trial.params).unknown) trials.set(name, (trials.get(name) ?? 0) + 1);
  }
  for (const [name, count] of trials) {
    const data = { name: spec.name, trials: count };
    return errorInfo('study.parameter-added', `space.${name}`, data);
  }
  return undefined;
}
