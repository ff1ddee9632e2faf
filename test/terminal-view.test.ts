// The live view in a real terminal: tmux draws it, and its screen is what a person would see.

import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { prepareCommand, root, until } from './command.ts';
import { closeFolder, newFolder } from './folder.ts';

const hasTmux = spawnSync('tmux', ['-V']).status === 0;
const bin = join(root, 'packages/fleetune/bin/fleetune.js');

let folder: string;
// One server of tmux per test: a new session at a socket whose server is just ending is refused.
let socket: string;
beforeAll(prepareCommand, 120_000);
beforeEach(() => {
  folder = newFolder('view');
  socket = basename(folder);
  writeFileSync(join(folder, 'study.yaml'), studyFile);
});
afterEach(() => {
  spawnSync('tmux', ['-L', socket, 'kill-server']);
  closeFolder(folder);
});

it('tmux is there under CI', () => {
  if (process.env['CI']) expect(hasTmux, 'apt-get install tmux').toBe(true);
});

describe.skipIf(!hasTmux)('the live view', () => {
  it.each([
    [80, 24],
    [200, 50],
  ])('fits a terminal of %i × %i and shows what matters', async (width, height) => {
    open(width, height);
    await until('three trials have ended', () => / 3 completed/.test(screen()));
    const lines = screen().trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(height);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    expect(lines[0]).toMatch(/^looked-at\s+running/);
    for (const section of ['Trials', 'Incumbent', 'Slots', 'Rungs', 'Utilization', 'Ctrl-C']) {
      expect(screen()).toContain(section);
    }
    for (const trial of ['#3', '#4']) {
      const reported = new RegExp(`${trial}\\b.*epoch 2/9`);
      await until(`${trial} has reported`, () => reported.test(screen()));
    }
    let previous = lines;
    tmux('resize-window', '-t', 'view', '-x', '70', '-y', '20');
    await until('it has followed the resize', () => {
      const now = screen().trimEnd().split('\n');
      const settled = now.join() === previous.join() && now.every((line) => line.length <= 70);
      previous = now;
      return settled && /^looked-at\s+running/.test(now[0]!);
    });
  });

  it('drains at Ctrl-C, says so, and gives the terminal back', async () => {
    open(80, 24);
    await until('three trials have ended', () => / 3 completed/.test(screen()));
    tmux('send-keys', '-t', 'view', 'C-c');
    await until('the shell is back', () => screen().includes('exit 130'));
    expect(tmux('capture-pane', '-p', '-S', '-', '-t', 'view')).toMatch(
      /^looked-at drained: Ctrl-C/m,
    );
    expect(tmux('display', '-p', '-t', 'view', '#{cursor_flag}').trim()).toBe('1');
  });
});

// Trials 0 to 2 run to their end; the later ones wait for a file that nobody makes.
const program = `echo '{"epoch": 1, "loss": 3}'; echo '{"epoch": 2, "loss": 2}'
if [ "$FLEETUNE_TRIAL" -gt 2 ]; then while [ ! -e go ]; do sleep 0.1; done; fi
for epoch in 3 4 5 6 7 8 9; do echo "{\\"epoch\\": $epoch, \\"loss\\": $1}"; done`;

const studyFile = `
name: looked-at
objective: { metric: loss, direction: minimize }
space:
  x: { type: float, low: 0, high: 1, default: 0.5 }
  solver: { type: categorical, choices: [adam, sgd], default: adam }
fidelity: { metric: epoch, min: 1, max: 9 }
scheduler: { type: asha, eta: 9 }
budget: { trials: 20 }
command: [sh, -c, ${JSON.stringify(program)}, sh, "{x}"]
engine: { type: local, slots: 2 }
limits: { grace: 1s }
seed: 3
`;

function open(width: number, height: number): void {
  const line = `'${process.execPath}' '${bin}' run study.yaml --keep-going; echo "exit $?"; sh`;
  const size = ['-x', String(width), '-y', String(height)];
  tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'view', ...size, '-c', folder, line);
}

function screen(): string {
  return tmux('capture-pane', '-p', '-t', 'view');
}

function tmux(...args: string[]): string {
  const env = { ...process.env, TERM: 'xterm-256color', CI: undefined, NO_COLOR: undefined };
  return execFileSync('tmux', ['-L', socket, ...args], { encoding: 'utf8', env });
}
