import { it } from 'vitest';
import { tellQuietly } from './tell-quietly.ts';

// A run told its worker to leave, and was succeeded by another while the worker's last program used its grace. The
// worker goes all the same, since its programs have their signals already; the engine has to start another one. It took
// the successor for the one that had sent the worker away, and started none. First seen in seed 1298 of the swarm.
it('a worker that leaves while its run is succeeded is replaced', { timeout: 60_000 }, async () => {
  await tellQuietly([29, 34, 51], { perSecond: { drain: 0.4, 'coordinator-killed': 0.4 } });
});
