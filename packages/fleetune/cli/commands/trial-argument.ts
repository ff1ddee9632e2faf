import { fail } from '@fleetune/core';
import type { Store, StudyRow, TrialRow } from '@fleetune/coordinator/store';
import type { Invocation } from '../manual/page.ts';
import { wholeNumber } from './option.ts';
import { withStudy, type StudyArgument } from './study-argument.ts';

/** The trial that the second operand names. */
export function withTrial<T>(
  invocation: Invocation,
  use: (found: { store: Store; row: StudyRow; argument: StudyArgument; trial: TrialRow }) => T,
): Promise<T> {
  const number = wholeNumber(invocation.operands[1]!.replace(/^#/, ''), 'TRIAL', 0);
  return withStudy(invocation, ({ store, row, argument }) => {
    const trial = store.trial(row.id, number);
    if (trial === undefined) throw fail('trial.not-found', row.name, { trial: number });
    return use({ store, row, argument, trial });
  });
}
