import { assertFree, owned } from '../ownership.ts';
import type { Owner } from '../store.ts';
import { decodeOwner, encodeOwner } from './rows.ts';
import type { Statements } from './statements.ts';

export interface Ownership {
  current(): Owner | undefined;
  isHeld(): boolean;
  /** These three run inside a transaction, which makes them atomic between processes. */
  claim(owner: Owner, gone?: Owner): number;
  release(): void;
  assertNotDeposed(): void;
  /** After that transaction: the epoch that `claim` answered, or undefined once released. */
  hold(claimed: number | undefined): void;
}

/** The one row that says which process owns the database (DESIGN §15.2). */
export function ownership(path: string, sql: Statements): Ownership {
  let epoch: number | undefined;
  const stored = () => {
    const row = sql.owner.get();
    if (row === undefined) return undefined;
    const { epoch, released } = row as { epoch: number; released: number };
    return { owner: decodeOwner(row), epoch, released: released === 1 };
  };
  const current = () => {
    const row = stored();
    return row === undefined || row.released ? undefined : row.owner;
  };
  return {
    current,
    isHeld: () => epoch !== undefined,
    claim(owner, gone) {
      if (epoch === undefined) assertFree(path, current(), owner, gone);
      const next = (stored()?.epoch ?? 0) + 1;
      sql.writeOwner.run(...encodeOwner(owner, next));
      return next;
    },
    release: () => void sql.releaseOwner.run(epoch!),
    hold(claimed) {
      epoch = claimed;
    },
    assertNotDeposed() {
      if (epoch === undefined) return;
      const row = stored();
      if (row !== undefined && row.epoch !== epoch) throw owned(path, row.owner);
    },
  };
}
