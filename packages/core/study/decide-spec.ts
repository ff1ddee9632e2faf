import { errorInfo } from '../errors/index.ts';
import { changedKeys, compatible } from '../space/study-change.ts';
import type { StudySpec } from '../space/study-spec.ts';
import type { Outcome } from './command.ts';
import { specOf, type StudyState } from './state.ts';

export function decideCreate(state: StudyState, spec: StudySpec): Outcome {
  if (state.spec !== undefined) {
    return { refused: errorInfo('study.exists', 'name', { name: state.spec.name }) };
  }
  return { events: [{ kind: 'study-created', v: 1, spec }] };
}

export function decideChangeSpec(state: StudyState, spec: StudySpec): Outcome {
  const before = specOf(state);
  const changed = changedKeys(before, spec);
  if (changed.length === 0) return { events: [] };
  const other = compatible(before, spec);
  if (other !== undefined) return { refused: other };
  return { events: [{ kind: 'spec-changed', v: 1, spec, changed }] };
}
