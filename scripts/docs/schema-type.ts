import type { Schema } from '@fleetune/core';
import { stringify } from 'yaml';

/** What a value may be, in a few words of markdown: "whole number ≥ 1", "a list: text". */
export function typeText(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (schema.oneOf !== undefined) return [...new Set(schema.oneOf.map(variantText))].join(' or ');
  if (schema.patternErrorMessage !== undefined) return schema.patternErrorMessage;
  const types = [schema.type ?? []].flat();
  if (types.includes('array'))
    return `a list: ${schema.items ? typeText(schema.items) : 'anything'}`;
  if (types.includes('object')) return objectText(schema);
  const bounds = boundsText(schema);
  return `${types.map((type) => typeNames[type]).join(', ')}${bounds === '' ? '' : ` ${bounds}`}`;
}

const typeNames = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'boolean',
  object: 'object',
  array: 'list',
  null: 'null',
};

function variantText(schema: Schema): string {
  const plain = schema.type !== 'object' && schema.type !== 'array';
  return plain ? typeText(schema) : (schema.title ?? typeText(schema));
}

function objectText({ additionalProperties, properties }: Schema): string {
  if (typeof additionalProperties === 'object') {
    return `by name: ${typeText(additionalProperties)}`;
  }
  return `an object: ${Object.keys(properties ?? {})
    .map(code)
    .join(', ')}`;
}

function boundsText({ minimum, maximum, exclusiveMinimum }: Schema): string {
  const parts = [
    ...(exclusiveMinimum === undefined ? [] : [`> ${exclusiveMinimum}`]),
    ...(minimum === undefined ? [] : [`≥ ${minimum}`]),
    ...(maximum === undefined ? [] : [`≤ ${maximum}`]),
  ];
  return parts.join(', ');
}

/** A value on one line, as it stands in a study file. */
export function yamlText(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}

export function code(value: unknown): string {
  return `\`${yamlText(value)}\``;
}
