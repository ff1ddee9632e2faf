// `./dev COMMAND`: what developers run. ./dev itself has already made Node.js and the dependencies ready.

import { join } from 'node:path';
import { capture, run } from './process.ts';
import { root } from './root.ts';

const node = process.execPath;
const commands: Record<string, { help: string; run: (args: string[]) => Promise<number> }> = {
  test: {
    help: 'test [FILTER]       every test, the checks included; FILTER: a part of a file name or check',
    run: async (args) => (await import('./test/main.ts')).main(args),
  },
  check: {
    help: 'check [NAME]        static only: format, lint, types, imports, unused code, lengths, pages',
    run: async (args) => (await import('./check/main.ts')).main(args),
  },
  format: {
    help: 'format              writes every file in the one format',
    run: (args) => run(node, ['node_modules/prettier/bin/prettier.cjs', '--write', '.', ...args]),
  },
  build: {
    help: 'build               dist/fleetune, the published package, ready for `npm pack`',
    run: () => run(node, ['scripts/build/main.ts', '--package']),
  },
  kernels: {
    help: 'kernels             compiles the WebAssembly of core from its sources, which are AssemblyScript',
    run: () => run(node, ['scripts/kernels/main.ts']),
  },
  bench: {
    help:
      'bench [NAME] [--json] [--strict] [--list]   measures; without NAME all that fit in ten minutes;\n' +
      '                            --strict: fails when a goal is missed; --minutes N: of chaos',
    run: async (args) => {
      // The wrapper builds the command when a source is newer.
      const { code, output } = await capture(join(root, 'fleetune'), ['--version']);
      if (code === 0) return run(node, ['benchmarks/main.ts', ...args]);
      console.error(output);
      return code;
    },
  },
  simulate: {
    help:
      'simulate [--seeds N] [--from S] [--seed S]   the whole system under virtual time and faults,\n' +
      '                            a thousand seeds unless told otherwise; --seed: one of them again',
    run: async (args) => (await import('./simulate/main.ts')).main(args),
  },
  soak: {
    help: 'soak [KILLS] [SEED] kill -9 of a cluster, thousands of times',
    run: async ([kills = '3000', seed = String(Date.now() % 1_000_000)]) => {
      const test = ['node_modules/vitest/vitest.mjs', 'run', 'test/cluster-kill.test.ts'];
      return run(node, test, { FLEETUNE_TEST_KILLS: kills, FLEETUNE_TEST_SEED: seed });
    },
  },
};

const [name, ...args] = process.argv.slice(2);
const command = commands[name ?? ''];
if (command === undefined) {
  const known = Object.values(commands).map(({ help }) => `  ./dev ${help}`);
  const help = `Usage:\n${known.join('\n')}\n`;
  const asked = name === undefined || name === '--help' || name === '-h' || name === 'help';
  if (asked) process.stdout.write(help);
  else process.stderr.write(`dev: there is no "${name}"\n\n${help}`);
  process.exitCode = asked ? 0 : 2;
} else {
  process.chdir(root);
  process.exitCode = await command.run(args);
}
