// The ranked tasks of the folder FLEETUNE_BENCH_DATA: recorded trainings and published surrogates.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Parameter, Params, When } from '@fleetune/core';

export interface Task {
  name: string;
  /** Tasks of one family are alike. */
  family: string;
  parameters: Parameter[];
  /** Not looked at while defaults were chosen: every second one of a family. */
  heldOut: boolean;
  /** The least value that is known, and the median of random params. */
  optimum: number;
  median: number;
}

/** A parameter as the data's FORMAT.md has it. */
interface Described {
  name: string;
  type: 'float' | 'int' | 'cat' | 'ordinal';
  low: number;
  high: number;
  log: boolean;
  choices: string[];
  values: number[];
  conditions?: [parent: string, values: string[]][];
}

/** Too small, or of curves: shown elsewhere, not ranked. */
const unranked = ['gc_xgboost', 'gc_deepar', 'taskset'];

/** Of which the first task is held out, so that the halves are about even. */
const smallFamilies = ['rbv2_aknn', 'iaml_xgboost', 'fcnet', 'nb201'];

export async function rankedTasks(folder: string): Promise<Task[]> {
  const json = async <T>(path: string) => {
    return JSON.parse(await readFile(join(folder, path), 'utf8')) as T;
  };
  const { tasks } = await json<{ tasks: Record<string, string[]> }>('suites.json');
  const anchors =
    await json<Record<string, { opt: number; median: number }>>('anchors_random.json');
  const found: Task[] = [];
  for (const [suite, names] of Object.entries(tasks)) {
    if (unranked.includes(suite)) continue;
    const file = suite.startsWith('yahpo/') ? 'scenario.json' : 'meta.json';
    const { params } = await json<{ params: Described[] }>(join(suite, file));
    const family = suite.replace('yahpo/', '');
    names.forEach((short, i) => {
      const heldOut = (i + (smallFamilies.includes(family) ? 1 : 0)) % 2 === 1;
      const name = `${family}/${short}`;
      const { opt: optimum, median } = anchors[name]!;
      const parameters = params.map(parameterOf);
      found.push({ name, family, parameters, heldOut, optimum, median });
    });
  }
  return found;
}

function parameterOf(described: Described): Parameter {
  const { name, type, low, high, log, choices, values, conditions = [] } = described;
  const when: When = Object.fromEntries(conditions);
  const common = conditions.length === 0 ? { name } : { name, when };
  switch (type) {
    case 'float':
      return { ...common, type, low, high, log };
    case 'int':
      return { ...common, type, low, high, log, step: 1 };
    case 'cat':
      return { ...common, type: 'categorical', choices };
    case 'ordinal':
      return { ...common, type, choices: values };
  }
}

export interface Evaluated {
  value: number;
  seconds: number;
}

export interface Evaluator {
  evaluate(points: readonly (readonly [task: string, params: Params])[]): Promise<Evaluated[]>;
  close(): void;
}

/** Many points in one go, by the data's own readers in a process of Python. */
export function evaluator(python: string, folder: string): Evaluator {
  const script = join(import.meta.dirname, '../peers/evaluate_tasks.py');
  const process_ = spawn(python, [script], {
    env: { ...process.env, FLEETUNE_BENCH_DATA: folder },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: process_.stdout });
  const ended = once(process_, 'exit').then(([code]) => {
    throw new Error(`the readers of the data ended with ${code}`);
  });
  ended.catch(() => undefined);
  return {
    async evaluate(points) {
      const line = once(lines, 'line');
      process_.stdin.write(`${JSON.stringify(points)}\n`);
      const [text] = (await Promise.race([line, ended])) as [string];
      return (JSON.parse(text) as [number, number][]).map(([value, seconds]) => {
        return { value, seconds };
      });
    },
    close: () => process_.stdin.end(),
  };
}
