import { expect, test } from 'vitest';
import type { Schema } from './schema.ts';
import { walkSchema } from './schema-walker.ts';
import { studyFileSchema } from './study-file-schema.ts';

/** Every schema inside, with its path. */
function* schemasIn(schema: Schema, path = ''): Generator<[path: string, schema: Schema]> {
  yield [path, schema];
  for (const [key, one] of Object.entries(schema.properties ?? {})) {
    yield* schemasIn(one, `${path}.${key}`);
  }
  for (const [i, one] of (schema.oneOf ?? []).entries()) yield* schemasIn(one, `${path}|${i}`);
  if (typeof schema.additionalProperties === 'object') {
    yield* schemasIn(schema.additionalProperties, `${path}.*`);
  }
  if (schema.items !== undefined) yield* schemasIn(schema.items, `${path}[]`);
}

const all = [...schemasIn(studyFileSchema)];

test('every example and every default is valid', () => {
  let seen = 0;
  for (const [path, schema] of all) {
    const { default: fallback, examples = [] } = schema;
    for (const value of fallback === undefined ? examples : [fallback, ...examples]) {
      expect(walkSchema(schema, value, path), path).toEqual([]);
      seen++;
    }
  }
  expect(seen).toBeGreaterThan(40);
});

test('every key of the file has a title, a description, and a default or an example', () => {
  for (const [key, schema] of Object.entries(studyFileSchema.properties!)) {
    expect(schema.description, key).toMatch(/\.$/);
    if (schema.not !== undefined) continue;
    expect(schema.title, key).toBeDefined();
    expect(schema.default ?? schema.examples, key).toBeDefined();
  }
});

test('is plain data of the keywords that the walker knows', () => {
  expect(JSON.parse(JSON.stringify(studyFileSchema))).toEqual(studyFileSchema);
  const known = [
    ...['$schema', 'title', 'description', 'default', 'examples', 'type', 'enum', 'properties'],
    ...['required', 'additionalProperties', 'propertyNames', 'minProperties', 'items', 'minItems'],
    ...['uniqueItems', 'minimum', 'maximum', 'exclusiveMinimum', 'pattern', 'patternErrorMessage'],
    ...['oneOf', 'not', 'notYet'],
  ];
  for (const [path, schema] of all) {
    for (const keyword of Object.keys(schema)) expect(known, path).toContain(keyword);
    for (const key of schema.required ?? []) {
      expect(Object.keys(schema.properties ?? {}), path).toContain(key);
    }
  }
});

test('objects that are one of several can be told apart', () => {
  for (const [path, { oneOf = [] }] of all) {
    const objects = oneOf.filter((branch) => branch.type === 'object');
    if (objects.length < 2) continue;
    const marks = objects.flatMap(({ properties, required }) => {
      return properties?.type?.enum ?? [required?.[0]];
    });
    expect(new Set(marks).size, path).toBe(marks.length);
    expect(marks, path).not.toContain(undefined);
  }
});
