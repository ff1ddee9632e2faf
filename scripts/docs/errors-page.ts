import { errorTable, type ErrorCode } from '@fleetune/core';

/** What has gone wrong when a code of that area appears. */
const areas: Record<string, string> = {
  attempt: 'An attempt that has lost the right to report.',
  auth: 'Access to the API.',
  cli: 'The command line.',
  command: 'The `command` of a study.',
  constraint: 'An expression under `constraints`.',
  coordinator: 'The way from a worker to its coordinator.',
  input: 'Whatever is checked against a schema: the study file, a request, the library.',
  internal: 'Our own fault.',
  params: 'The params of one trial, given by a person or a program.',
  report: 'Reports of an attempt, as they arrive at the coordinator.',
  request: 'A call of the HTTP API.',
  server: 'A coordinator that is about to listen.',
  setup: 'The `setup` commands of a study.',
  space: 'The search space as a whole.',
  store: 'The database. Whatever went wrong, the file is left as it was.',
  study: 'A study in a database.',
  'study-file': 'The study file as text.',
  trial: 'A trial that was asked for.',
  worker: 'The worker, and its protocol with the coordinator.',
};

/** The page that explains every code, from the one table of errors. */
export function errorsPage(): string {
  const codes = Object.keys(errorTable) as ErrorCode[];
  const byArea = Map.groupBy(codes.toSorted(), areaOf);
  return [
    '<!-- Generated from packages/core/errors/table.ts: node scripts/docs/main.ts --update -->',
    '# Errors',
    'Every error that is the fault of an input or of the surroundings has a code, a place, a ' +
      'message and a remedy. A code never changes its meaning. The command prints place and ' +
      'message on one line and the remedy below; with `--json`, in the API and in the log of a ' +
      'study an error is an object with the keys `code`, `place`, `message`, `remedy`, ' +
      '`retryable` and `data`.',
    'Words in braces stand for what is found at that place; a part in brackets is said only where ' +
      'there is something to say. *Retryable* means that the same ' +
      'request can succeed later without a change. The command ends with the given exit code, ' +
      'the API answers with the given status.',
    ...[...byArea].flatMap(([area, members]) => [
      `## ${area}`,
      ...(areas[area] === undefined ? [] : [areas[area]]),
      ...members.flatMap(section),
    ]),
    '',
  ].join('\n\n');
}

function section(code: ErrorCode): string[] {
  const { message, remedy, retryable, exit, status } = errorTable[code];
  const facts = `Exit code ${exit}, HTTP status ${status}${retryable ? ', retryable' : ''}.`;
  return [`### \`${code}\``, `> ${escape(message)}`, `${escape(remedy)}\n${facts}`];
}

function areaOf(code: ErrorCode): string {
  return code.split('.')[0] ?? code;
}

function escape(text: string): string {
  return text.replace(/\[\[|\]\]|[*_<>[\]]/g, (mark) => `\\${mark[0]}`);
}
