import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { sqlitePlace } from '../testing/sqlite-place.ts';

const script = new URL('../testing/claim-once.ts', import.meta.url).pathname;

async function contender(path: string) {
  const child = spawn(process.execPath, [script, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => String((await lines.next()).value);
  expect(await line()).toBe('ready');
  return {
    go: () => child.stdin.write('go\n'),
    outcome: line,
    async end() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

test('of processes that open and claim a new database at once, exactly one owns it', async () => {
  for (let round = 0; round < 3; round++) {
    const place = sqlitePlace();
    const all = await Promise.all([1, 2, 3].map(() => contender(place.path)));
    for (const { go } of all) go();
    const outcomes = await Promise.all(all.map(({ outcome }) => outcome()));
    expect(outcomes.sort()).toEqual(['claimed', 'store.owned', 'store.owned']);
    for (const { end } of all) await end();
    // All of them are dead now, so the next one takes over.
    const heir = await contender(place.path);
    heir.go();
    expect(await heir.outcome()).toBe('claimed');
    await heir.end();
    await place.dispose();
  }
}, 120_000);
