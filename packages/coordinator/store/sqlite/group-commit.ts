// Many appends, one sync (docs/decisions/0002-group-commit.md). The driver is synchronous, so nothing can arrive
// while a commit runs; what arrived in the same turn of the event loop, or in the next one, shares a transaction.

export interface GroupCommit<T> {
  /** Resolves once the transaction with the item is on disk; `take` is asked for the item as it begins. */
  add(take: () => T): Promise<void>;
  /** Commits what waits now. */
  flush(): void;
}

/**
 * `commit` writes all items in one transaction or throws, and then none is written. For items that it leaves out of the
 * transaction its answer has the reasons, in their places.
 */
export function groupCommit<T>(
  commit: (items: T[]) => readonly (Error | undefined)[],
): GroupCommit<T> {
  interface Waiting {
    take(): T;
    resolve(): void;
    reject(reason: unknown): void;
  }
  let waiting: Waiting[] = [];
  const flush = () => {
    const group = waiting;
    if (group.length === 0) return;
    waiting = [];
    try {
      const refused = commit(group.map(({ take }) => take()));
      group.forEach(({ resolve, reject }, index) => {
        if (refused[index] === undefined) resolve();
        else reject(refused[index]);
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };
  return {
    add: (take) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ take, resolve, reject });
        // After the input of this turn has been handled, and what has come meanwhile; before the loop waits for more.
        if (waiting.length === 1) setImmediate(() => setImmediate(flush));
      }),
    flush,
  };
}
