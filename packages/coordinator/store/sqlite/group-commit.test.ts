import { describe, expect, test } from 'vitest';
import { groupCommit } from './group-commit.ts';

describe('groupCommit', () => {
  test('commits what arrives in one turn together, and later turns on their own', async () => {
    const groups: number[][] = [];
    const commits = groupCommit((items: number[]) => {
      groups.push(items);
      return [];
    });
    await Promise.all([1, 2, 3].map((item) => commits.add(() => item)));
    await commits.add(() => 4);
    expect(groups).toEqual([[1, 2, 3], [4]]);
  });

  test('commits what came while the turn was handled with it', async () => {
    const groups: number[][] = [];
    const commits = groupCommit((items: number[]) => {
      groups.push(items);
      return [];
    });
    const first = commits.add(() => 1);
    await new Promise((resolve) => void setImmediate(resolve));
    await Promise.all([first, commits.add(() => 2)]);
    expect(groups).toEqual([[1, 2]]);
  });

  test('resolves nothing before the commit has returned', async () => {
    let committed = false;
    const commits = groupCommit(() => {
      committed = true;
      return [];
    });
    const done = commits.add(() => 1).then(() => committed);
    expect(committed).toBe(false);
    expect(await done).toBe(true);
  });

  test('rejects every item of a failed commit, and goes on with the next', async () => {
    let fails = true;
    const commits = groupCommit(() => {
      if (fails) throw new Error('disk full');
      return [];
    });
    const results = await Promise.allSettled([1, 2].map((item) => commits.add(() => item)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    await commits.add(() => 3);
  });

  test('rejects items that were left out, and only those', async () => {
    const commits = groupCommit(() => [undefined, new Error('left out')]);
    const results = await Promise.allSettled([1, 2, 3].map((item) => commits.add(() => item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('asks for each item once, when the commit begins', async () => {
    let item = 1;
    let asked = 0;
    const groups: number[][] = [];
    const commits = groupCommit((items: number[]) => {
      groups.push(items);
      return [];
    });
    const done = commits.add(() => ((asked += 1), item));
    item = 2;
    await done;
    expect(groups).toEqual([[2]]);
    expect(asked).toBe(1);
  });

  test('flush commits at once what waits, and nothing twice', async () => {
    const groups: number[][] = [];
    const commits = groupCommit((items: number[]) => {
      groups.push(items);
      return [];
    });
    const done = commits.add(() => 1);
    commits.flush();
    commits.flush();
    expect(groups).toEqual([[1]]);
    await done;
    await commits.add(() => 2);
    expect(groups).toEqual([[1], [2]]);
  });
});
