import { errorTable } from '@fleetune/core';
import { PREFIX, errorsOf, routes, type Route } from '@fleetune/protocol';

/** The schemas of the routes, as far as a page can tell them. */
interface JsonSchema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: unknown;
  patternProperties?: Record<string, JsonSchema>;
  required?: string[];
  description?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
}

const sections: Record<Route['tag'], string> = {
  studies: 'Studies.',
  trials: 'The trials of a study.',
  'own loop': 'For programs with a loop of their own: [a guide](../guides/own-loop.md).',
  workers: 'Workers; the last word on their protocol is its schema in `/openapi.json`.',
  server: 'The server itself.',
};

/** The page that lists every operation, from the same table of routes as the OpenAPI document. */
export function httpPage(): string {
  const byTag = Map.groupBy(Object.entries<Route>(routes), ([, { tag }]) => tag);
  return [
    '<!-- Generated from packages/protocol/routes: node scripts/docs/main.ts --update -->',
    '# HTTP API',
    `Every path begins with \`${PREFIX}\`. A coordinator answers while \`fleetune serve\` or \`fleetune run\` ` +
      `goes on; \`GET ${PREFIX}/openapi.json\` is the same as an OpenAPI 3.1 document, with everything that ` +
      'this page leaves out. Every request carries the header `Authorization: Bearer TOKEN`; bodies are JSON. ' +
      'An answer other than 200 is one [error](errors.md) with its code, its place and what to do. In ' +
      'TypeScript, `studyClient` of the package `@fleetune/protocol` has one method for each operation, by the ' +
      'name in brackets.',
    ...[...byTag].flatMap(([tag, members]) => [
      `## ${tag[0]!.toUpperCase()}${tag.slice(1)}`,
      sections[tag],
      ...members.flatMap(([id, route]) => operation(id, route)),
    ]),
    '',
  ].join('\n\n');
}

function operation(id: string, route: Route): string[] {
  const { method, path, summary, description, query, body, example, answer, media } = route;
  const schema = answer as JsonSchema;
  return [
    `### ${method} ${path}`,
    `(\`${id}\`) ${summary}${description === undefined ? '' : ` ${description}`}`,
    ...table('Query', query as JsonSchema | undefined),
    ...table('Body', body as JsonSchema | undefined),
    ...(example === undefined ? [] : [`Example: \`${JSON.stringify(example)}\``]),
    media === undefined ? `Answer: ${typeText(schema)}.` : `Answer: \`${media}\`.`,
    `Errors: ${errors(route)}.`,
  ];
}

function table(title: string, schema: JsonSchema | undefined): string[] {
  const properties = Object.entries(schema?.properties ?? {});
  if (properties.length === 0) return [];
  const required = new Set(schema?.required);
  const rows = properties.map(([name, one]) => {
    const need = required.has(name) ? '' : 'optional; ';
    return `| \`${name}\` | ${cell(`${need}${typeText(one)}`)} | ${cell(one.description ?? '')} |`;
  });
  return [[`| ${title} | type | |`, '| --- | --- | --- |', ...rows].join('\n')];
}

function typeText(schema: JsonSchema): string {
  const { type, enum: choices, anyOf, items, properties, patternProperties, pattern } = schema;
  if ('const' in schema) return code(schema.const);
  if (choices !== undefined) return choices.map(code).join(', ');
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeText))].join(' or ');
  if (type === 'array') return `a list of ${items === undefined ? 'anything' : typeText(items)}`;
  if (type === 'object' && properties !== undefined && Object.keys(properties).length > 0) {
    return `an object with ${Object.keys(properties).map(code).join(', ')}`;
  }
  const [each] = Object.values(patternProperties ?? {});
  if (each !== undefined) return `by name: ${typeText(each)}`;
  if (pattern?.startsWith('^[0-9]')) return 'whole number';
  return `${names[type ?? ''] ?? 'anything'}${bounds(schema)}`;
}

const names: Record<string, string> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'boolean',
  object: 'an object',
  null: 'null',
};

function bounds({ minimum, maximum }: JsonSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` ≥ ${minimum}`;
  return maximum === undefined ? '' : ` ≤ ${maximum}`;
}

function errors(route: Route): string {
  const byStatus = Map.groupBy(errorsOf(route), (one) => errorTable[one].status);
  return [...byStatus]
    .toSorted(([a], [b]) => a - b)
    .map(([status, codes]) => `${status} ${codes.map(code).join(', ')}`)
    .join('; ');
}

function code(value: unknown): string {
  return `\`${String(value)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
