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

export function decideChangeSpec(state: StudyState, command: ChangeSpec): Outcome {
  const { reason } = command;
  const before = specOf(state);
  const slots = state.run === undefined ? undefined : command.slots;
  const spec = slots === undefined ? command.spec : withSlots(command.spec, slots);
  const changed = changedKeys(before, spec);
  // A run that was started with other slots than the file's has those, though the file stays the same.
  const other = slots !== undefined && slots !== (state.run!.limit ?? state.run!.slots);
  if (other && !changed.includes('engine')) changed.push('engine');
  if (changed.length === 0) return { events: [] };
  const refused = compatible(before, spec) ?? unknownParameter(state, spec);
  if (refused !== undefined) return { refused };
  return { events: [{ kind: 'spec-changed', v: 1, spec, changed, ...(reason && { reason }) }] };
}

function withSlots(spec: StudySpec, slots: number): StudySpec {
  return { ...spec, engine: { ...spec.engine, slots } };
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
