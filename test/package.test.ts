// The published package: packed, installed in an empty folder, used as a command and as a library, on every Node.js that
// it promises.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'fleetune test '));
const installed = join(folder, 'node_modules/fleetune');

const env = {
  ...process.env,
  PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
};

function run(cwd: string, program: string, ...args: string[]): string {
  return execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: 'pipe' });
}

const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

beforeAll(() => {
  run(root, process.execPath, 'scripts/build/main.ts', '--package');
  run(folder, 'npm', 'pack', join(root, 'dist/fleetune'), ...quiet);
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  run(folder, 'npm', 'install', '--offline', `./${tarball}`, ...quiet);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the installed package', () => {
  it('brings no other package, and the licences of what is inside', () => {
    const packages = readdirSync(join(folder, 'node_modules')).filter((name) => name[0] !== '.');
    expect(packages).toEqual(['fleetune']);
    const notices = readFileSync(join(installed, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
    expect(notices).toMatch(/^commander \d/m);
    expect(notices).toMatch(/^fastify \d/m);
    expect(readFileSync(join(installed, 'LICENSE'), 'utf8')).toContain('Apache License');
  });

  it('brings the schema of the study file, for editors', () => {
    const schema = readFileSync(join(installed, 'dist/study.schema.json'), 'utf8');
    expect(JSON.parse(schema)).toMatchObject({ type: 'object', properties: { space: {} } });
  });

  it('names no private package in its code or declarations', () => {
    const files = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' });
    const code = files.filter((name) => /\.(js|ts)$/.test(name));
    expect(code.length).toBeGreaterThan(5);
    for (const name of code) {
      const text = readFileSync(join(installed, 'dist', name), 'utf8');
      expect.soft(text, name).not.toMatch(/(from|import) *\(?['"]@fleetune\//);
    }
  });

  it('is on the path as a command', () => {
    const command = join(folder, 'node_modules/.bin/fleetune');
    expect(run(folder, command, '--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('has types: a strict program without any others of ours compiles, and params are typed by the space', () => {
    writeFileSync(join(folder, 'program.mts'), program);
    const tsc = join(root, 'node_modules/typescript-native/bin/tsc');
    const options = ['--module', 'nodenext', '--strict', '--types', '', '--target', 'es2023'];
    run(folder, process.execPath, tsc, ...options, 'program.mts');
  });
});

// The oldest that it promises, and the newest of each line since.
describe.each(['22.18.0', '24', '26'])('the installed package on Node.js %s', (version) => {
  let node: string | undefined;
  let place: string;

  beforeAll(() => {
    node = nodeOf(version);
    place = join(folder, `on ${version}`);
    mkdirSync(place);
  }, 120_000);

  beforeEach((context) => {
    if (node === undefined) context.skip(`Node.js ${version} could not be had`);
  });

  it('runs a study of a shell program on two slots, and takes it up again', () => {
    writeFileSync(join(place, 'study.yaml'), study);
    const fleetune = join(installed, 'bin/fleetune.js');
    const first = run(place, node!, fleetune, 'run', 'study.yaml');
    expect(first).toMatch(/^Incumbent +loss /m);
    expect(first).toMatch(/^Trials +6 completed/m);
    expect(run(place, node!, fleetune, 'run', 'study.yaml', '--trials', '8')).toMatch(
      /^Trials +8 completed/m,
    );
  });

  it('tunes a function, and gives trials to a loop of one’s own', () => {
    // Compiled by the test of the types.
    const output = run(place, node!, join(folder, 'program.mjs'));
    const { tuned, asked } = JSON.parse(output) as Record<string, object>;
    expect(tuned).toEqual({ completed: 12, loss: expect.closeTo(0, 0) as number });
    expect(asked).toEqual({ completed: 5, loss: expect.closeTo(0, 0) as number });
  });
});

/** A Node.js of that version: ours, or from npm, as ./dev fetches one. */
function nodeOf(version: string): string | undefined {
  if (process.versions.node.startsWith(`${version}.`)) return process.execPath;
  const prefix = join(folder, `node ${version}`);
  const name = `node-${process.platform}-${process.arch}@${version}`;
  try {
    run(
      folder,
      'npm',
      'install',
      '--prefix',
      prefix,
      '--no-save',
      '--ignore-scripts',
      ...quiet,
      name,
    );
  } catch (error) {
    if (process.env['CI'] && process.platform === 'linux') throw error;
    return undefined;
  }
  return join(prefix, 'node_modules/.bin/node');
}

const study = `
name: shell
objective: { metric: loss, direction: minimize }
space: { x: { type: int, low: 1, high: 1000 } }
budget: { trials: 6 }
command: [sh, -c, 'echo "{\\"loss\\": $0}"', '{x}']
engine: { type: local, slots: 2 }
`;

const program = `
import { choice, float, int, openStudy, tune } from 'fleetune';
// @ts-expect-error: an export that does not exist
import { noSuchExport } from 'fleetune';

const objective = { metric: 'loss', direction: 'minimize' } as const;
const space = {
  x: float(-1, 1, { default: 0 }),
  depth: int(1, 3),
  kind: choice(['a', 'b']),
  momentum: float(0, 1, { when: { kind: 'b' } }),
};
interface Params { x: number; depth: number; kind: 'a' | 'b'; momentum?: number | undefined }

const { incumbent, status } = await tune(
  {
    name: 'tuned', space, objective, budget: { trials: 12 }, seed: 1,
    async function(params, trial) {
      const typed: Params = params;
      // @ts-expect-error: momentum is absent with kind a
      const always: number = params.momentum;
      // @ts-expect-error: no such parameter
      params.y;
      await trial.report(1, { loss: typed.x ** 2 });
      return typed.x ** 2;
    },
  },
  { database: ':memory:', slots: 2 },
);
const best: 'a' | 'b' = incumbent!.params.kind;

const study = await openStudy({ name: 'asked', space, objective, budget: { trials: 5 } }, { database: 'asked.db' });
for (let trial = await study.ask(); trial; trial = await study.ask()) {
  const typed: Params = trial.params;
  await trial.tell(Math.abs(typed.x));
}
const asked = study.status();
await study.close();

declare const console: { log(text: string): void };
console.log(JSON.stringify({
  tuned: { completed: status.trials.completed, loss: incumbent!.value },
  asked: { completed: asked.trials.completed, loss: asked.incumbent!.value },
}));
`;
