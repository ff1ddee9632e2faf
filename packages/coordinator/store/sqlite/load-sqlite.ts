/**
 * Node's own SQLite. Node 22 prints an ExperimentalWarning when the module is first loaded; that one notice, which
 * tells a user nothing, is dropped (docs/decisions/0001-node-sqlite.md). Loading is synchronous, so no other code runs
 * while `emitWarning` is replaced.
 */
export function loadSqlite(): typeof import('node:sqlite') {
  const { emitWarning } = process;
  const quiet = (...warning: unknown[]) => {
    if (isSqliteNotice(warning)) return;
    Reflect.apply(emitWarning, process, warning);
  };
  process.emitWarning = quiet;
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}

function isSqliteNotice([text, type]: unknown[]): boolean {
  return type === 'ExperimentalWarning' && String(text).startsWith('SQLite ');
}
