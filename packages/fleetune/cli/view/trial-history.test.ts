import { expect, it } from 'vitest';
import { trialHistory } from './trial-history.ts';

it('names the causes of the time that the slot waited before an attempt', () => {
  const lines = trialHistory([
    {
      ...{ id: 7, at: 1000, kind: 'attempt-ended', v: 1, trial: 0, attempt: 1, end: 'completed' },
      reason: { code: 'completed', text: 'ran to its end' },
      waits: { suggestionUs: 1_234_567, decisionUs: 0, tailUs: 0, drainedUs: 60_000_000 },
    },
  ]);
  expect(lines.map((line) => line.trim())).toEqual([
    '7   +0:00  attempt 1 completed: ran to its end  [completed]',
    'its slot had waited 1235 ms for a suggestion  [suggestion]',
    'its slot had waited 60000 ms since it was held back  [drained]',
  ]);
});
