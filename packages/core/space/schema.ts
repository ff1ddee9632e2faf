import { durationPattern } from './duration.ts';

/** The part of JSON Schema (draft 2020-12) that the study file's schema uses, and all that schema-walker.ts knows. */
export interface Schema {
  $schema?: string;
  $id?: string;
  title?: string;
  description?: string;
  default?: unknown;
  examples?: unknown[];
  type?: SchemaType | SchemaType[];
  enum?: readonly unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  /** A schema: of the values, whose keys are the user's own. */
  additionalProperties?: false | Schema;
  propertyNames?: Schema;
  minProperties?: number;
  items?: Schema;
  minItems?: number;
  uniqueItems?: boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  pattern?: string;
  /** What the pattern wants, in words; editors show it too. */
  patternErrorMessage?: string;
  oneOf?: Schema[];
  /** Nothing is valid here. */
  not?: Record<string, never>;
  /** Ours: what later releases will take, for `input.not-yet`; beside `enum` the values. */
  notYet?: string | readonly string[];
}

export type SchemaType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null';

/** An object with these keys and no others. */
export const objectOf = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
});

/** One of several objects that are told apart by their `type`. */
export const named = (
  type: string,
  title: string,
  properties: Record<string, Schema> = {},
): Schema => ({
  title,
  ...objectOf({ type: { type: 'string', enum: [type] }, ...properties }, ['type']),
});

/** A length of time, as parseDuration reads it. */
export const duration = (description: string, example: string): Schema => ({
  description,
  examples: [example],
  type: 'string',
  pattern: durationPattern,
  patternErrorMessage: 'a duration such as 90s, 30m or 1h30m',
});

/** Not empty, and short enough for every table and wire. */
export const word = '^[^\\n]{1,200}$';

export const metricName: Schema = {
  type: 'string',
  pattern: word,
  patternErrorMessage: 'a name of 1 to 200 characters',
};
