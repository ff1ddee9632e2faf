import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { clientFolder } from './real-worker.ts';

const python = spawnSync('python3', ['--version']).status === 0;

test.skipIf(!python && process.env['CI'] !== 'true')(
  'the Python client passes its own tests against the real trial server',
  () => {
    const done = spawnSync('python3', ['-B', '-m', 'unittest', '-q', 'test_fleetune'], {
      cwd: clientFolder,
      env: { ...process.env, FLEETUNE_TEST_NODE: process.execPath },
      encoding: 'utf8',
    });
    expect(done.stderr).toContain('OK');
    expect(done.status).toBe(0);
  },
);
