import { errorInfo, type ErrorInfo } from '../errors/index.ts';
import { checkProgram } from './program-check.ts';
import { checkGoal } from './goal-check.ts';
import { describe, isObject, placeOf } from './describe.ts';
import { fillStudy, type StudyFile } from './fill-study.ts';
import { checkConstraints, checkSpace, nameCheck, readParameter } from './read-space.ts';
import { walkSchema } from './schema-walker.ts';
import { studyFileSchema } from './study-file-schema.ts';
import type { StudySpec } from './study-spec.ts';

export interface StudyContext {
  /** The folder that the command and relative paths start from. */
  cwd: string;
  /** For a file without a `seed`. */
  seed: number;
  /** For a file without a `name`. */
  name?: string;
  /** True for functions and ask/tell: no command is needed. */
  withoutCommand?: boolean;
}

/**
 * The parsed study file (or an object with the same keys) as a StudySpec with every default filled in, or all that is wrong
 * with it: one error per mistake. Pure.
 */
export function readStudy(
  raw: unknown,
  context: StudyContext,
): { spec: StudySpec } | { errors: ErrorInfo[] } {
  if (!isObject(raw)) {
    const data = { expected: 'an object with the keys of a study file', got: describe(raw) };
    return { errors: [errorInfo('input.type', 'study file', data)] };
  }
  const errors = walkSchema(studyFileSchema, raw, '');
  const sound = (place: string) => !errors.some((error) => lies(error.place, place));

  const file = raw as unknown as StudyFile;
  errors.push(...checkPresence(raw, context, errors));
  // Without parameters there is nothing to compare the rest with.
  if (!isObject(raw.space) || Object.keys(raw.space).length === 0) return { errors };
  const names = nameCheck(Object.keys(raw.space));
  // One that the schema refuses hides nothing that is wrong with the others.
  const parameters = Object.entries(file.space)
    .filter(([name]) => sound(placeOf('space', name)))
    .map(([name, one]) => readParameter(name, one));
  errors.push(...checkSpace(parameters, names));
  if (sound('space') && names.errors.length === 0 && sound('constraints')) {
    errors.push(...checkConstraints(parameters, file.constraints ?? [], names));
  }
  errors.push(...checkGoal(file, sound), ...checkProgram(file, names, sound));
  errors.push(...names.errors);
  if (errors.length > 0) return { errors };
  return { spec: fillStudy(file, context) };
}

/** What the schema can't demand: it depends on who reads. A misspelt key has been reported already. */
function checkPresence(
  raw: Record<string, unknown>,
  context: StudyContext,
  errors: readonly ErrorInfo[],
): ErrorInfo[] {
  const meant = new Set(errors.map(({ data }) => data.nearest));
  const missing: string[] = [];
  const replaced = Object.hasOwn(raw, 'function') || context.withoutCommand === true;
  if (!Object.hasOwn(raw, 'objective') && !Object.hasOwn(raw, 'objectives')) {
    missing.push('objective');
  }
  if (!Object.hasOwn(raw, 'command') && !replaced) missing.push('command');
  if (!Object.hasOwn(raw, 'name') && context.name === undefined) missing.push('name');
  return missing.filter((key) => !meant.has(key)).map((key) => errorInfo('input.missing', key, {}));
}

/** Is `place` this one or inside it? */
function lies(place: string, outer: string): boolean {
  if (!place.startsWith(outer)) return false;
  return place.length === outer.length || '.['.includes(place[outer.length]!);
}
