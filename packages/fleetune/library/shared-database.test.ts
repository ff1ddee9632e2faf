import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../cli/testing/run-command.ts';
import { openStudy } from './open-study.ts';
import { float } from './parameter.ts';
import { tune } from './tune.ts';

let cwd: string;
let database: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'fleetune shared '));
  database = join(cwd, 'fleetune.db');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const space = { x: float(0, 1) };
const objective = { metric: 'loss', direction: 'minimize' } as const;

async function command(...argv: string[]): Promise<Record<string, unknown>> {
  const { exitCode, out, err } = await runCommand([...argv, '--json'], { cwd });
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  return JSON.parse(out.trimEnd().split('\n').at(-1)!) as Record<string, unknown>;
}

test('a study tuned by a function is listed, shown and replayed by the command', async () => {
  const study = { name: 'by-function', space, objective, budget: { trials: 3 } };
  const { incumbent } = await tune({ ...study, function: ({ x }) => x }, { database });
  const shown = await command('study', 'show', 'by-function');
  expect(shown).toMatchObject({
    state: 'ended',
    trials: { completed: 3 },
    incumbent: { value: incumbent!.value, params: incumbent!.params },
  });
  expect(await command('replay', 'by-function')).toMatchObject({ equal: true });
});

test('a study is begun by the command, goes on with a function and ends in a loop of one’s own', async () => {
  const file = {
    name: 'by-all',
    objective,
    space: { x: { type: 'float', low: 0, high: 1 } },
    budget: { trials: 2 },
    command: ['sh', '-c', `echo '{"loss": {x}}'`],
  };
  writeFileSync(join(cwd, 'study.yaml'), JSON.stringify(file));
  expect(await command('run', 'study.yaml')).toMatchObject({ status: { trialsUsed: 2 } });

  const study = { name: 'by-all', space, objective };
  const numbers: number[] = [];
  const { status } = await tune(
    {
      ...study,
      budget: { trials: 4 },
      function({ x }, { trial }) {
        numbers.push(trial);
        return x;
      },
    },
    { database },
  );
  expect(numbers).toEqual([2, 3]);
  expect(status.trials.completed).toBe(4);

  const asking = await openStudy({ ...study, budget: { trials: 5 } }, { database });
  const asked = await asking.ask();
  expect(asked!.number).toBe(4);
  await asked!.tell(0.5);
  await asking.close();
  expect(await command('study', 'show', 'by-all')).toMatchObject({ trials: { completed: 5 } });
});
