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
  'input.type': bad('must be {expected}, got {got}', 'Change the value to the named type.'),
  'input.value': bad('must be {expected}, got {got}', 'Change the value.'),
  'input.unknown-key': bad(
    'is not a known key; did you mean "{nearest}"?',
    'Correct or remove it.',
  ),
  'input.not-yet': bad(
    '{what} is not supported yet',
    'See CHANGELOG.md for what this release has.',
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
  'worker.protocol': conflict(
    'this coordinator speaks protocol {expected}, the worker {got}',
    'Use the same release of Fleetune on both sides.',
  ),
  'worker.unknown': conflict('worker "{worker}" is not registered', 'Register again.', 404),
  'worker.sequence': conflict(
    'exchange {seq} is older than one that was answered',
    'Drop the exchange.',
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
