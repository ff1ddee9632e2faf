/** One error of the table: `exit` is the command's exit code (DESIGN §15.4), `status` the HTTP status. */
export interface Row {
  readonly message: string;
  readonly remedy: string;
  readonly retryable: boolean;
  readonly exit: 1 | 2 | 3 | 4;
  readonly status: number;
}

/** Bad input: exit 2, HTTP 400, never retryable. */
export const bad = <M extends string, R extends string>(message: M, remedy: R) =>
  ({ message, remedy, retryable: false, exit: 2, status: 400 }) as const;

/** The store's or the environment's fault: exit 3, HTTP 503. */
export const environment = <M extends string, R extends string>(
  message: M,
  remedy: R,
  retryable: boolean = false,
) => ({ message, remedy, retryable, exit: 3, status: 503 }) as const;

/** A request that no longer fits the state: HTTP 409 (404 where something does not exist). */
export const conflict = <M extends string, R extends string>(message: M, remedy: R, status = 409) =>
  ({ message, remedy, retryable: false, exit: 2, status }) as const;
