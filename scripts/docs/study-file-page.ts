import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { studyFileSchema, type Schema } from '@fleetune/core';
import { root } from '../root.ts';
import { code, typeText, yamlText } from './schema-type.ts';

/** The page that lists every key, from the schema that checks them. */
export function studyFilePage(): string {
  const example = readFileSync(join(root, 'examples/digits/study.yaml'), 'utf8');
  const keys = Object.entries(studyFileSchema.properties ?? {});
  const present = keys.filter(([, schema]) => schema.not === undefined);
  const planned = keys.filter(([, schema]) => schema.not !== undefined);
  return [
    '<!-- Generated from packages/core/space/study-file-schema.ts: ' +
      'node scripts/docs/main.ts --update -->',
    '# The study file',
    'A study file is YAML (or JSON) and describes one search. Only `objective` and `space` are ' +
      'required, and a study file for `fleetune run` needs a `command`. Every mistake in it is ' +
      'one error with its place, line and remedy; `fleetune check` reads a file, runs nothing, ' +
      'and shows what it would do.',
    `\`\`\`yaml\n${example}\`\`\``,
    editors,
    ...present.flatMap(([name, schema]) => keySection(name, schema)),
    '## Planned',
    'These are refused today with [`input.not-yet`](reference/errors.md#inputnot-yet): ' +
      [...planned.map(([name]) => code(name)), ...plannedValues(studyFileSchema)].join(', ') +
      '.',
    '',
  ].join('\n\n');
}

const editors = `## Completion in editors

The schema of the study file is published with the package. Editors with the YAML language server
(VS Code's YAML extension, Neovim, Emacs) complete and check a file that names it in its first line,
relative to the file:

\`\`\`yaml
# yaml-language-server: $schema=node_modules/fleetune/dist/study.schema.json
name: digits-mlp
\`\`\`

In a checkout it is \`packages/fleetune/dist/study.schema.json\`, once \`./fleetune\` has run.`;

function keySection(name: string, schema: Schema): string[] {
  const required = studyFileSchema.required?.includes(name) === true ? ' Required.' : '';
  const fallback = schema.default === undefined ? '' : ` Default: ${code(schema.default)}.`;
  return [
    `## \`${name}\``,
    `${prose(schema.description ?? schema.title ?? '')}${required}${fallback}`,
    ...body(schema),
    ...examples(name, schema),
  ];
}

function body(schema: Schema): string[] {
  const values = schema.additionalProperties;
  if (schema.oneOf !== undefined) return variants(schema.oneOf);
  if (schema.properties !== undefined) return [table(schema)];
  if (typeof values === 'object' && values.oneOf !== undefined) return variants(values.oneOf);
  return [`Type: ${typeText(schema)}.`];
}

function variants(oneOf: readonly Schema[]): string[] {
  const shared = sharedKeys(oneOf);
  return [
    ...oneOf.flatMap((variant) => {
      const own = objectOf(variant, (key) => !isTag(variant, key) && !shared.includes(key));
      return [
        ...(own === undefined
          ? [`- ${nameOf(variant)}${meaningOf(variant, ': ')}`]
          : [`### ${nameOf(variant)}`, meaningOf(variant), table(own)]),
        ...(variant.examples ?? []).map((example) => fence(`space: ${yamlText({ x: example })}`)),
      ];
    }),
    ...shared.flatMap((key) => sharedKey(key, oneOf)),
  ];
}

/** Keys that every variant has, with the same meaning. */
function sharedKeys(oneOf: readonly Schema[]): string[] {
  const [first, ...others] = oneOf;
  if (first === undefined || others.length === 0) return [];
  return Object.entries(first.properties ?? {})
    .filter(([key, schema]) => others.every(({ properties }) => properties?.[key] === schema))
    .map(([key]) => key);
}

function sharedKey(key: string, oneOf: readonly Schema[]): string[] {
  const schema = oneOf[0]?.properties?.[key] ?? {};
  const shown = (schema.examples ?? []).map(code).join(', ');
  const text = `All of them take ${code(key)}. ${prose(schema.description ?? '')}`;
  return [`${text}${shown === '' ? '' : ` Examples: ${shown}.`}`];
}

function nameOf(variant: Schema): string {
  const tags = variant.properties?.type?.enum?.map((tag) => `\`type: ${String(tag)}\``);
  if (tags !== undefined) return tags.join(' or ');
  if (variant.type === 'array') return variant.title ?? typeText(variant);
  if (variant.type !== 'object') return typeText(variant);
  const keys = Object.keys(variant.properties ?? {}).map((key) => `${key}: …`);
  return `\`{ ${keys.join(', ')} }\``;
}

function meaningOf(variant: Schema, before = ''): string {
  const isTagged = variant.properties?.type?.enum !== undefined;
  const text = variant.description ?? (isTagged ? variant.title : undefined);
  return text === undefined ? '' : `${before}${prose(text)}`;
}

/** The key whose value selects a variant is in its name already. */
function isTag(schema: Schema, key: string): boolean {
  return key === 'type' && schema.properties?.type?.enum !== undefined;
}

/** The same object with some of its keys; undefined without any. */
function objectOf(schema: Schema, wanted: (key: string) => boolean): Schema | undefined {
  const properties = Object.entries(schema.properties ?? {}).filter(([key]) => wanted(key));
  return properties.length === 0
    ? undefined
    : { ...schema, properties: Object.fromEntries(properties) };
}

function table(schema: Schema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const required = schema.required?.includes(key) === true ? 'required' : '';
    const fallback = property.default === undefined ? required : code(property.default);
    return [code(key), typeText(property), fallback, prose(property.description ?? '')];
  });
  const cells = [['key', 'type', 'default', 'meaning'], Array<string>(4).fill('---'), ...rows];
  return cells.map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** Text of the schema as markdown that shows every character. */
function prose(text: string): string {
  return text.replace(/[*_<>[\]]/g, '\\$&');
}

function examples(name: string, schema: Schema): string[] {
  const lines = (schema.examples ?? []).map((example) => `${name}: ${yamlText(example)}`);
  return lines.map(fence);
}

function fence(text: string): string {
  return `\`\`\`yaml\n${text}\n\`\`\``;
}

/** Values under `notYet`, wherever they are. */
function plannedValues(schema: Schema): string[] {
  const own = Array.isArray(schema.notYet) ? schema.notYet.map(code) : [];
  const below = [...Object.values(schema.properties ?? {}), ...(schema.oneOf ?? [])];
  return [...own, ...below.flatMap(plannedValues)];
}
