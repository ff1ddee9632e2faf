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
  /** Nothing is valid here; with `notYet`: later releases will take it. */
  not?: Record<string, never>;
  /** Ours: the plural thing that is planned, for `input.not-yet`; with `enum`, the planned values. */
  notYet?: string | readonly string[];
}

export type SchemaType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null';
