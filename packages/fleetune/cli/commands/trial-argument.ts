import type { Studies } from '../../session/studies.ts';
import type { Invocation } from '../manual/page.ts';
import { wholeNumber } from './option.ts';
import { namedStudy, type StudyArgument } from './study-argument.ts';

/** The trial that the second operand names. */
export function namedTrial(invocation: Invocation): {
  argument: StudyArgument;
  studies: Studies;
  number: number;
} {
  const number = wholeNumber(invocation.operands[1]!.replace(/^#/, ''), 'TRIAL', 0);
  return { ...namedStudy(invocation), number };
}
