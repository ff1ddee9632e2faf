import type { Invocation } from '../manual/page.ts';
import { wholeNumber } from './option.ts';
import { namedStudy, type NamedStudy } from './study-argument.ts';

/** The trial that the second operand names. */
export async function namedTrial(invocation: Invocation): Promise<NamedStudy & { number: number }> {
  const number = wholeNumber(invocation.operands[1]!.replace(/^#/, ''), 'TRIAL', 0);
  return { ...(await namedStudy(invocation)), number };
}
