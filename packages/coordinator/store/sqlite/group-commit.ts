// Many appends, one sync (docs/decisions/0002-group-commit.md). The driver is synchronous, so nothing can arrive
// while a commit runs; what arrived in the same turn of the event loop shares the next transaction.

export interface GroupCommit<T> {
  /** Resolves once the transaction with this item is on disk. */
  add(item: T): Promise<void>;
  /** Commits what waits now. */
  flush(): void;
}

/**
 * `commit` writes all items in one transaction or throws, and then none is written. Items that it leaves out of the
 * transaction come back with their reasons.
 */
export function groupCommit<T>(commit: (items: T[]) => Map<T, unknown>): GroupCommit<T> {
  interface Waiting {
    item: T;
    resolve(): void;
    reject(reason: unknown): void;
  }
  let waiting: Waiting[] = [];
  const flush = () => {
    const group = waiting;
    if (group.length === 0) return;
    waiting = [];
    try {
      const refused = commit(group.map(({ item }) => item));
      for (const { item, resolve, reject } of group)
        if (refused.has(item)) reject(refused.get(item));
        else resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };
  return {
    add: (item) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        // After the input of this turn has been handled, before the loop waits for more.
        if (waiting.length === 1) setImmediate(flush);
      }),
    flush,
  };
}
