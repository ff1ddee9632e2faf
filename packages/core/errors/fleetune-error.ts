import { errorTable, type ErrorCode, type ErrorData } from './table.ts';

/** The wire, log and `--json` form of an error. */
export interface ErrorInfo {
  code: ErrorCode;
  /** Where it is, in the user's own words: `space.lr.low`, `command[3]`, a file; empty when there is no place. */
  place: string;
  message: string;
  remedy: string;
  retryable: boolean;
  data: Record<string, string | number>;
}

/** The world's fault, or the user's: always one row of the error table. Our own bugs are `assert`ed instead. */
export class FleetuneError extends Error {
  override readonly name = 'FleetuneError';
  readonly info: ErrorInfo;

  constructor(info: ErrorInfo, options?: { cause?: unknown }) {
    super(render(info), options);
    this.info = info;
  }

  get code(): ErrorCode {
    return this.info.code;
  }
}

/** Fills the table's row; `place` names what the user has to look at. */
export function errorInfo<C extends ErrorCode>(
  code: C,
  place: string,
  data: ErrorData<C>,
): ErrorInfo {
  const row = errorTable[code];
  return {
    code,
    place,
    message: fill(row.message, data),
    remedy: fill(row.remedy, data),
    retryable: row.retryable,
    data,
  };
}

export function fail<C extends ErrorCode>(
  code: C,
  place: string,
  data: ErrorData<C>,
  options?: { cause?: unknown },
): FleetuneError {
  return new FleetuneError(errorInfo(code, place, data), options);
}

/** One line: `space.lr.low: must be below high (0.1), got 1`. The remedy is printed on a line of its own. */
export function render(info: ErrorInfo): string {
  return info.place === '' ? info.message : `${info.place}: ${info.message}`;
}

/** A broken assumption of ours: crash loudly, also in production. A message with data is put together only then. */
export function assert(condition: unknown, message: string | (() => string)): asserts condition {
  if (condition) return;
  throw new Error(`assertion failed: ${typeof message === 'string' ? message : message()}`);
}

function fill(template: string, data: Record<string, string | number>): string {
  const valueOf = (key: string) => {
    const value = data[key];
    assert(value !== undefined, `error data lacks "${key}" for "${template}"`);
    return String(value);
  };
  return template
    .replace(OPTIONAL, (_, part: string) => {
      const isThere = Array.from(part.matchAll(NAME), ([, key]) => valueOf(key!) !== '');
      return isThere.every(Boolean) ? part : '';
    })
    .replace(NAME, (_, key: string) => valueOf(key));
}

const NAME = /\{(\w+)\}/g;
const OPTIONAL = /\[\[(.*?)\]\]/g;
