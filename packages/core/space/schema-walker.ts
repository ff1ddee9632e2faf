import { errorInfo, type ErrorInfo } from '../errors/index.ts';
import { describe, isObject, placeOf } from './describe.ts';
import { nearest } from './nearest.ts';
import type { Schema, SchemaType } from './schema.ts';

/** Every mistake that the schema can see, one error each, at the most inner place that tells it. */
export function walkSchema(schema: Schema, value: unknown, place: string): ErrorInfo[] {
  if (schema.not !== undefined) return [notYet(schema, place)];
  if (schema.oneOf !== undefined) return walkOneOf(schema.oneOf, value, place);
  if (!accepts(schema, value)) return [wrongType([schema], value, place)];
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    return [wrongChoice(schema, value, place)];
  }
  if (typeof value === 'number') return checkNumber(schema, value, place);
  if (typeof value === 'string') return checkText(schema, value, place);
  if (Array.isArray(value)) return walkList(schema, value, place);
  return isObject(value) ? walkObject(schema, value, place) : [];
}

function walkObject(schema: Schema, value: Record<string, unknown>, place: string): ErrorInfo[] {
  const properties = schema.properties ?? {};
  const extra = schema.additionalProperties;
  const errors: ErrorInfo[] = [];
  for (const [key, one] of Object.entries(value)) {
    const at = placeOf(place, key);
    if (Object.hasOwn(properties, key)) {
      errors.push(...walkSchema(properties[key]!, one, at));
    } else if (extra === false) {
      errors.push(unknownKey(schema, key, at));
    } else if (extra !== undefined) {
      const named = checkText(schema.propertyNames ?? {}, key, at);
      errors.push(...(named.length > 0 ? named : walkSchema(extra, one, at)));
    }
  }
  // A misspelt key is one mistake, not also a missing one.
  const misspelt = new Set(
    errors.filter(({ code }) => code === 'input.unknown-key').map(({ data }) => data.nearest),
  );
  for (const key of schema.required ?? []) {
    if (Object.hasOwn(value, key) || misspelt.has(key)) continue;
    errors.push(errorInfo('input.missing', placeOf(place, key), {}));
  }
  if (Object.keys(value).length < (schema.minProperties ?? 0)) {
    const keys = Object.keys(properties);
    const expected =
      keys.length > 0 ? `an object with ${keys.join(' or ')}` : 'an object with at least one entry';
    errors.push(errorInfo('input.value', place, { expected, got: 'an empty one' }));
  }
  return errors;
}

function walkList(schema: Schema, value: unknown[], place: string): ErrorInfo[] {
  if (value.length < (schema.minItems ?? 0)) {
    const many = schema.minItems === 1 ? 'one entry' : `${schema.minItems} entries`;
    const expected = `a list with at least ${many}`;
    const got = value.length === 0 ? 'an empty one' : `one with ${value.length}`;
    return [errorInfo('input.value', place, { expected, got })];
  }
  const errors = value.flatMap((item, i) =>
    schema.items === undefined ? [] : walkSchema(schema.items, item, placeOf(place, i)),
  );
  if (schema.uniqueItems !== true || errors.length > 0) return errors;
  const twice = value.findIndex((item, i) => value.indexOf(item) < i);
  if (twice < 0) return [];
  const expected = `different from ${placeOf(place, value.indexOf(value[twice]))}`;
  return [
    errorInfo('input.value', placeOf(place, twice), { expected, got: describe(value[twice]) }),
  ];
}

function checkNumber(schema: Schema, value: number, place: string): ErrorInfo[] {
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity } = schema;
  let expected: string | undefined;
  if (value < minimum) expected = `at least ${minimum}`;
  if (value > maximum) expected = `at most ${maximum}`;
  if (value <= exclusiveMinimum) expected = `above ${exclusiveMinimum}`;
  return expected === undefined ? [] : [errorInfo('input.value', place, { expected, got: value })];
}

function checkText(schema: Schema, value: string, place: string): ErrorInfo[] {
  if (schema.pattern === undefined || new RegExp(schema.pattern).test(value)) return [];
  const expected = schema.patternErrorMessage ?? `a text like ${schema.pattern}`;
  return [errorInfo('input.value', place, { expected, got: describe(value) })];
}

/** Follows the one branch that the user meant, so that the error is about that one. */
function walkOneOf(branches: Schema[], value: unknown, place: string): ErrorInfo[] {
  const possible = branches.filter((branch) => accepts(branch, value));
  if (possible.length === 0) return [wrongType(branches, value, place)];
  if (!isObject(value)) return walkSchema(possible[0]!, value, place);
  const names = possible.map((branch) => branch.properties?.type?.enum ?? []);
  if (names.every((name) => name.length > 0)) {
    const chosen = possible.find((_, i) => names[i]!.includes(value.type));
    if (chosen !== undefined) return walkSchema(chosen, value, place);
    const known = { type: 'string', enum: names.flat(), ...planned(branches) } as const;
    const type: Schema = { properties: { type: known }, required: ['type'] };
    return walkObject(type, value, place);
  }
  if (possible.length === 1) return walkSchema(possible[0]!, value, place);
  const keys = possible.map((branch) => branch.required![0]!);
  const chosen = possible.find((_, i) => Object.hasOwn(value, keys[i]!));
  if (chosen !== undefined) return walkSchema(chosen, value, place);
  const [first] = Object.keys(value);
  const merged = { properties: Object.fromEntries(keys.map((key) => [key, {}])) };
  if (first !== undefined) return [unknownKey(merged, first, placeOf(place, first))];
  const expected = `an object with ${keys.join(' or ')}`;
  return [errorInfo('input.value', place, { expected, got: 'an empty one' })];
}

/** The names that a list of planned values holds stand beside the short form; the long form means the same. */
function planned(branches: Schema[]): Pick<Schema, 'notYet'> {
  const list = branches.find((branch) => branch.notYet !== undefined)?.notYet;
  return list === undefined ? {} : { notYet: list };
}

function accepts(schema: Schema, value: unknown): boolean {
  const types = schema.type === undefined ? [] : [schema.type].flat();
  return types.length === 0 || types.some((type) => isOfType(type, value));
}

function isOfType(type: SchemaType, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'number':
      return Number.isFinite(value);
    case 'integer':
      return Number.isSafeInteger(value);
    default:
      return typeof value === type;
  }
}

const typeNames: Record<SchemaType, string> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

function wrongType(branches: Schema[], value: unknown, place: string): ErrorInfo {
  const names = branches.flatMap((branch) => {
    if (branch.patternErrorMessage !== undefined) return [branch.patternErrorMessage];
    return [branch.type ?? []].flat().map((type) => typeNames[type]);
  });
  const expected = [...new Set(names)].join(', ').replace(/, (?=[^,]*$)/, ' or ');
  return errorInfo('input.type', place, { expected, got: describe(value) });
}

function wrongChoice(schema: Schema, value: unknown, place: string): ErrorInfo {
  const got = describe(value);
  if (Array.isArray(schema.notYet) && schema.notYet.includes(value)) {
    return errorInfo('input.not-yet', place, { what: got });
  }
  const choices = schema.enum!.map(String);
  const data = { known: choices.join(', '), got, nearest: nearest(String(value), choices) };
  return errorInfo('input.choice', place, data);
}

function notYet(schema: Schema, place: string): ErrorInfo {
  return errorInfo('input.not-yet', place, { what: String(schema.notYet ?? 'this key') });
}

function unknownKey(schema: Schema, key: string, place: string): ErrorInfo {
  const known = Object.entries(schema.properties ?? {}).flatMap(([name, { not }]) =>
    not === undefined ? [name] : [],
  );
  const data = { nearest: nearest(key, known), known: known.join(', ') };
  return errorInfo('input.unknown-key', place, data);
}
