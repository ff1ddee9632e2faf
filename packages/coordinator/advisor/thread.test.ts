import { fileURLToPath } from 'node:url';
import { createSampler, searchSpace, type Params } from '@fleetune/core';
import { expect, it } from 'vitest';
import { tpeSpec } from './testing/scripted-study.ts';
import type { Made, Thinker } from './thinker-port.ts';
import { advisorThreads } from './thread.ts';

const threads = advisorThreads(
  fileURLToPath(new URL('./testing/thread-entry.ts', import.meta.url)),
);

function started(): { thread: Thinker; made: Promise<Made>; died: Promise<string> } {
  const made = Promise.withResolvers<Made>();
  const died = Promise.withResolvers<string>();
  const thread = threads.start({ onMade: made.resolve, onDeath: died.resolve });
  return { thread, made: made.promise, died: died.promise };
}

it('the thread of an advisor makes the suggestion that its sampler makes here', async () => {
  const { thread, made, died } = started();
  const here = createSampler(tpeSpec.sampler, searchSpace(tpeSpec.space, []), tpeSpec.seed);
  thread.tell({ kind: 'begin', spec: tpeSpec });
  for (let trial = 0; trial < 9; trial++) {
    const { params } = here.suggest(trial) as { params: Params };
    const outcome = { state: 'completed', loss: trial === 3 ? -Infinity : trial } as const;
    here.observe({ trial, params, outcome });
    thread.tell({ kind: 'learn', changes: [{ trial, params, outcome }] });
  }
  thread.tell({ kind: 'make', id: 1, trial: 9, effort: 'full', ahead: false });
  const { id, answer, tookMs } = await made;
  expect(id).toBe(1);
  expect(answer).toEqual(here.suggest(9));
  expect(tookMs).toBeGreaterThan(0);
  thread.stop();
  await died;
});

it('a thread that fails says what it failed with', async () => {
  const { thread, died } = started();
  thread.tell({ kind: 'learn', changes: [] });
  expect(await died).toContain('the first message to a thinker is not its beginning');
});
