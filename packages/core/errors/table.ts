// The one table of errors. Codes are `area.situation`; a released code never changes its meaning.
// `{name}` in a text is filled from the error's data. `exit` is the command's exit code (DESIGN §15.4),
// `status` the HTTP status. docs/reference/errors.md is generated from this table.

interface Row {
  readonly message: string;
  readonly remedy: string;
  readonly retryable: boolean;
  readonly exit: 1 | 2 | 3 | 4;
  readonly status: number;
}

/** Bad input: exit 2, HTTP 400, never retryable. */
const bad = <M extends string, R extends string>(message: M, remedy: R) =>
  ({ message, remedy, retryable: false, exit: 2, status: 400 }) as const;

/** The store's or the environment's fault: exit 3, HTTP 503. */
const environment = <M extends string, R extends string>(
  message: M,
  remedy: R,
  retryable: boolean = false,
) => ({ message, remedy, retryable, exit: 3, status: 503 }) as const;

/** A request that no longer fits the state: HTTP 409 (404 where something does not exist). */
const conflict = <M extends string, R extends string>(message: M, remedy: R, status = 409) =>
  ({ message, remedy, retryable: false, exit: 2, status }) as const;

export const errorTable = {
  // Any JSON-like input: the study file, a request, a command line.
  'input.missing': bad('is missing', 'Add it; docs/study-file.md lists every key.'),
  'input.type': bad('must be {expected}, got {got}', 'Make it {expected}.'),
  'input.value': bad('must be {expected}, got {got}', 'Make it {expected}.'),
  'input.choice': bad('must be one of {known}, got {got}', 'Did you mean "{nearest}"?'),
  'input.unknown-key': bad(
    'is not a known key; did you mean "{nearest}"?',
    'Correct or remove it; known here: {known}.',
  ),
  'input.not-yet': bad(
    '{what} is not supported yet',
    'See CHANGELOG.md for what this release has.',
  ),

  // The search space, its constraints and the command that takes its values.
  'space.unknown-parameter': bad(
    'there is no parameter "{name}"; did you mean "{nearest}"?',
    'Name a parameter of the space: {known}.',
  ),
  'space.cycle': bad(
    'the condition depends on itself ({cycle})',
    'Remove one of the conditions of that circle.',
  ),
  'space.log-scale': bad(
    'must be above 0 on a log scale, got {got}',
    'Give a value above 0, or drop log: true.',
  ),
  'space.unsatisfiable': bad(
    'no params of the space satisfy {what}; {tried} points were tried',
    'Loosen the constraint or widen the bounds of its parameters.',
  ),
  'constraint.syntax': bad(
    'column {column}: expected {expected}, got {got}',
    'Write a comparison, for example "units <= 4096 * lr + 256"; docs/study-file.md has the rules.',
  ),
  'constraint.type': bad(
    'column {column}: must be {expected}, got {got}',
    'Compare numbers with numbers, and a choice with one of its choices in quotes.',
  ),
  'command.conditional': bad(
    'parameter "{name}" is not active in every trial',
    'Put it into a list of its own, which is left out with it: [--{name}, "{placeholder}"].',
  ),

  // The params of one trial, from a person or a program.
  'params.unknown': bad(
    'is not a parameter of the space; did you mean "{nearest}"?',
    'Correct or remove it.',
  ),
  'params.missing': bad('is missing, and active in these params', 'Give it a value.'),
  'params.inactive': bad('is inactive in these params ({condition})', 'Leave it out.'),
  'params.value': bad('must be {expected}, got {got}', 'Make it {expected}.'),
  'params.constraint': bad('{params} break the constraint', 'Change the params until it holds.'),

  // Another file of the same name.
  'study.other-objective': conflict(
    'the study "{name}" has another objective ({was})',
    'Give this one a name of its own, or another database with --db.',
  ),
  'study.other-outcomes': conflict(
    'the study "{name}" has other outcome constraints ({was})',
    'Its trials were judged by those. Give this one a name of its own, or another database with --db.',
  ),
  'study.other-parameter': conflict(
    'the study "{name}" knows this parameter as {was}, not as {now}',
    'Give the changed study a name of its own, or rename the parameter.',
  ),
  'study.parameter-removed': conflict(
    'the study "{name}" has trials with this parameter',
    'Put it back, make it a constant, or give the changed study a name of its own.',
  ),
  'study.parameter-added': conflict(
    'the study "{name}" has {trials} trials without this parameter',
    'Give it a default: the value that those trials stood for.',
  ),

  // The study file as text, and the command line.
  'study-file.not-found': bad(
    'there is no such file',
    'Check the path; a study in a database goes by its name: fleetune study list.',
  ),
  'study-file.unreadable': bad('cannot be read: {problem}', 'Name a text file that you may read.'),
  'study-file.empty': bad('is empty', 'Write a study into it; docs/study-file.md lists every key.'),
  'study-file.syntax': bad('{problem}', 'Correct the YAML at that line and column.'),
  'study-file.repeated-key': bad('the key "{key}" is there twice', 'Keep one of the two.'),
  'cli.usage': bad('{problem}', 'See: fleetune {command} --help.'),
  'cli.unknown-option': bad(
    'there is no option {option}; did you mean {nearest}?',
    'See: fleetune {command} --help.',
  ),
  'cli.unknown-command': bad(
    'there is no command "{command}"; did you mean "{nearest}"?',
    'See: fleetune --help.',
  ),
  'cli.output': environment('cannot be written: {problem}', 'Choose another file.'),
  'cli.unreadable': bad('cannot be read: {problem}', 'Name a text file that you may read.'),
  'cli.no-token': bad(
    'there is no token to show it',
    "Name the coordinator's token file with --token-file, or set FLEETUNE_TOKEN.",
  ),
  'trial.no-log': conflict(
    'attempt {attempt} of trial {trial} left no output here',
    'Logs lie where it ran: fleetune trial show STUDY {trial} names the worker, --files its folder.',
    404,
  ),
  'cli.param': bad(
    '{problem}',
    'Write it like lr=log:1e-5..1e-1, units=int:16..512, x=0..1 or act=relu,gelu.',
  ),

  // Predictions.
  'simulate.no-durations': bad(
    'nothing says how long its trials take: no trial of it has ended here',
    'Say it: --durations lognormal:5m,0.5 (median, sigma of the logarithm); or run a few trials first.',
  ),
  'simulate.cluster': bad(
    '{workers} workers of {slots} slots are more than {most} slots',
    'Simulate a part of the cluster, with the same part of the budget.',
  ),
  'simulate.log-version': bad(
    'is of kind "{kind}", version {v}, which this release does not know',
    'Use the release that wrote the log, or leave it out: --durations lognormal:5m,0.5.',
  ),

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
  'worker.unknown': conflict('worker "{worker}" is not registered', 'Register again.', 404),
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
  'snapshot.version': {
    message: 'the snapshot has layout {version}, this release reads {expected}',
    remedy: 'Fold the log instead.',
    retryable: false,
    exit: 3,
    status: 503,
  },
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
