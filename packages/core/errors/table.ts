// The one table of errors. Codes are `area.situation`; a released code never changes its meaning.
// `{name}` in a text is filled from the error’s data; a part in `[[ ]]` is left out where a name in
// it has nothing. docs/reference/errors.md is generated from this table.

import { inputErrors } from './input-errors.ts';
import { bad, conflict, environment, type Row } from './row.ts';

export const errorTable = {
  ...inputErrors,
  // Requests of workers, programs and people.
  'study.not-found': conflict('there is no study "{name}"', 'List them: fleetune study list.', 404),
  'trial.not-found': conflict(
    'there is no trial {trial}',
    'List them: fleetune trial list STUDY.',
    404,
  ),
  'attempt.stale': conflict(
    'attempt {attempt} of trial {trial} is no longer the live one',
    'Drop the attempt: its lease was given to another one.',
  ),
  'attempt.told': conflict(
    'attempt {attempt} of trial {trial} has been told as {was} already',
    'A result is told once; another value: fleetune trial correct.',
  ),
  'store.token-unreadable': environment(
    'the token of the owning process {pid} cannot be read',
    'Run the command as the user who started that process.',
  ),
  'request.route': conflict('there is no {route}', 'See /api/v1/openapi.json.', 404),
  'request.method': conflict('there is no {route}', 'Use {allowed}.', 405),
  'request.invalid': bad('{problem}', 'See /api/v1/openapi.json for what is expected.'),
  'request.too-large': {
    message: 'is larger than the server takes',
    remedy: 'Send smaller batches.',
    retryable: false,
    exit: 2,
    status: 413,
  },
  'request.media-type': {
    message: 'is of a type that the server does not read',
    remedy: 'Send JSON, with the header "Content-Type: application/json".',
    retryable: false,
    exit: 2,
    status: 415,
  },
  'auth.token': {
    message: 'the token is missing or wrong',
    remedy:
      'Name the coordinator\'s token file with --token-file or set FLEETUNE_TOKEN; over HTTP, send "Authorization: Bearer TOKEN".',
    retryable: false,
    exit: 2,
    status: 401,
  },
  'auth.no-token': bad('nobody can be let in without a token', 'Give the server one.'),
  'auth.token-file': environment(
    'cannot be used as a token file: {problem}',
    'Put one token of at least 16 characters on each line, and let only its owner read it (chmod 600).',
  ),
  'server.certificate': environment(
    'cannot be used for TLS: {problem}',
    'Name a certificate and its private key, both as PEM.',
  ),
  'server.address': environment(
    'cannot be listened on: {problem}',
    'Choose another port or address, or stop what uses it.',
  ),
  'request.timeout': {
    message: 'did not arrive in time',
    remedy: 'Send the whole request at once.',
    retryable: true,
    exit: 3,
    status: 408,
  },
  'request.header-too-large': {
    message: 'has a longer address or longer headers than the server takes',
    remedy: 'Send shorter ones.',
    retryable: false,
    exit: 2,
    status: 431,
  },
  'request.embedded': conflict(
    'this coordinator runs one study and ends with it',
    'Start one that stays: fleetune serve.',
  ),
  'coordinator.closing': environment(
    'the coordinator is shutting down',
    'It is tried again; the next one takes up where this one ends.',
    true,
  ),
  'coordinator.crowded': environment(
    'there is no room for {slots} more slots: workers have {used} of {most}',
    'End workers that are not needed; it is tried again.',
    true,
  ),
  'coordinator.unreachable': environment(
    'no answer from the coordinator: {problem}',
    'It is tried again; check that the coordinator runs and that its address can be reached.',
    true,
  ),
  'coordinator.certificate': environment(
    "the coordinator's certificate is not trusted: {problem}",
    'Name the certificate that vouches for it with --ca, and the host that is in it.',
  ),
  internal: {
    message: 'an error inside Fleetune: {problem}',
    remedy: 'Please report it with this text.',
    retryable: false,
    exit: 3,
    status: 500,
  },
  'worker.start': environment(
    'the worker process cannot be started: {problem}',
    'Check memory, process limits and that Node.js can be run.',
  ),
  'worker.crash-loop': environment(
    'worker processes keep ending right after their start ({exit})',
    'Their own words are above; check memory and process limits.',
  ),
  'worker.protocol': conflict(
    'this coordinator speaks protocol {expected}, the worker {got}',
    'Use the same release of Fleetune on both sides.',
  ),
  'worker.slot': bad(
    'the worker has {slots} slots, not one with the number {slot}',
    'Register again when the number of slots has changed.',
  ),
  'worker.unknown': conflict(
    'worker "{worker}" is not registered',
    'List those that are there: fleetune worker list. A worker that was forgotten registers again.',
    404,
  ),
  'worker.superseded': conflict(
    'another process works under the name "{worker}"',
    'Start the worker again if it was this one that should go on.',
  ),
  'setup.failed': environment('{problem}{output}', '{hint}'),
  'worker.coordinator-gone': environment(
    'the coordinator has not answered for too long: {cause}',
    'See whether it runs and can be reached; its study goes on with the next run.',
  ),
  'worker.sequence': conflict(
    'exchange {seq} is older than one that was answered',
    'Drop the exchange.',
  ),

  // The store: its place is the path of the database.
  'store.not-found': environment(
    'there is no database here',
    'Run a study first, or name its database with --db.',
  ),
  'store.no-folder': environment(
    'its folder does not exist',
    'Create the folder, or choose another place with --db.',
  ),
  'store.read-only': environment(
    'cannot be written: {detail}',
    'Make the file and its folder writable for this user, or choose another place with --db.',
  ),
  'store.full': environment(
    'the disk is full',
    'Free some space and run the same command again; everything acknowledged is kept.',
    true,
  ),
  'store.busy': environment(
    'another program keeps it locked',
    'Close the program that has the database open, then try again.',
    true,
  ),
  'store.owned': environment(
    'is in use by process {pid} on {host}, which serves {url}',
    'Stop that run or wait for its end; two runs never write one database.',
  ),
  'store.newer-version': environment(
    'was written by a newer release (schema {found}; this release knows {known})',
    'Update Fleetune, or choose another file with --db.',
  ),
  'store.foreign': environment(
    'is not a database of Fleetune',
    'Choose another file with --db; this one was left as it is.',
  ),
  'store.corrupt': environment(
    'is damaged: {detail}',
    'The file was left as it is. Put a backup in its place, or choose another one with --db.',
  ),
  'store.io': environment(
    'cannot be used: {detail}',
    'Check the disk and the folder, then run the same command again.',
    true,
  ),
  'study.exists': conflict(
    'there is already a study "{name}"',
    'Choose another name, or delete that one: fleetune study delete {name}.',
  ),
  // The study's state machine.
  'study.not-running': conflict(
    'no run of the study is open',
    'There is nothing to stop or to pause; to go on with it: fleetune run STUDY.',
  ),
  'study.unreadable': environment(
    'the study "{name}" cannot be read: {problem}',
    'Other studies of the database are not concerned. Put a backup in its place, or delete this one: fleetune study delete {name} --yes.',
  ),
  'study.running': conflict(
    'a run of the study "{name}" is open',
    'End it first: fleetune study stop {name}.',
  ),
  'study.slots-fixed': conflict(
    'the run of "{name}" that goes on was started with {had} slots, {slots} are wanted',
    'End it and run the study again with more slots, or let more workers join a coordinator: fleetune serve.',
  ),
  'study.not-created': conflict('the study has no spec yet', 'Create it first.'),
  'study.busy': conflict('{running} trials are running', 'Wait for them, or drain the run.'),
  'study.no-work': conflict('there is nothing to start now: {why}', 'Ask again after an event.'),
  'study.budget-used': conflict(
    'the budget of {trials} trials is used up',
    'Allow more: fleetune run STUDY --trials N, or budget.trials in its file.',
  ),
  'trial.ended': conflict('trial {trial} is {state} already', 'Choose a trial that is not.'),
  'trial.state': conflict('trial {trial} is {state}', 'Choose one that is {needed}.'),
  'worker.no-free-slot': conflict(
    'worker "{worker}" has no such free slot',
    'End an attempt first.',
  ),
  'report.gap': {
    message: 'the reports start at row {from}, but only {rows} rows have arrived',
    remedy: 'Send the rows before them first.',
    retryable: true,
    exit: 2,
    status: 409,
  },
  'report.columns': bad(
    'column "{name}" has {got} rows, the steps have {rows}',
    'Send columns of equal length; null where a row lacks the metric.',
  ),
  'report.step-order': conflict(
    '{metric} {step} came again, or after a higher one',
    'Report each {metric} once, ascending; the first report of it was kept.',
  ),
  'report.no-step': conflict(
    'a report has no usable {metric}; it was counted as {step}',
    'Print {metric} in the same line as the objective.',
  ),
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof errorTable;

/** The names between braces in a text. */
type Names<T extends string> = T extends `${string}{${infer N}}${infer Rest}`
  ? N | Names<Rest>
  : never;

export type ErrorData<C extends ErrorCode> = {
  [K in Names<(typeof errorTable)[C]['message']> | Names<(typeof errorTable)[C]['remedy']>]:
    string | number;
};
