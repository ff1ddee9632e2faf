import { FleetuneError, fail } from '@fleetune/core';

/** Primary result codes of SQLite (sqlite.org/rescode.html) that have a meaning here. */
export const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
export const CANTOPEN = 14;
const CONSTRAINT = 19;
const NOTADB = 26;

/** Runs `action` and turns SQLite's and the file system's failures into rows of the error table. */
export function guarded<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw storeError(path, error);
  }
}

/** Failures that are our own bugs (a wrong statement, a broken constraint) come back as they are. */
function storeError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof FleetuneError) return error;
  const cause = { cause: error };
  const detail = error.message;
  switch (primaryCode(error)) {
    case BUSY:
    case LOCKED:
      return fail('store.busy', path, {}, cause);
    case READONLY:
      return fail('store.read-only', path, { detail }, cause);
    case FULL:
      return fail('store.full', path, {}, cause);
    case CORRUPT:
    case NOTADB:
      return fail('store.corrupt', path, { detail }, cause);
    case IOERR:
    case CANTOPEN:
      return fail('store.io', path, { detail }, cause);
  }
  return systemError(path, error as NodeJS.ErrnoException) ?? error;
}

/** The unique name or key was taken. */
export function isConstraintFailure(error: unknown): boolean {
  return primaryCode(error) === CONSTRAINT;
}

/** SQLite's code without its extension. */
export function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errcode } = error as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

function systemError(path: string, error: NodeJS.ErrnoException) {
  const detail = error.message;
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return fail('store.read-only', path, { detail }, { cause: error });
    case 'ENOSPC':
    case 'EDQUOT':
      return fail('store.full', path, {}, { cause: error });
  }
  if (error.syscall === undefined) return undefined;
  return fail('store.io', path, { detail }, { cause: error });
}
