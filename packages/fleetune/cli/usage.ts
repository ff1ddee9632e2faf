import { fail } from '@fleetune/core';
import type { Page } from './manual/page.ts';

/** The number of operands is what the page says. */
export function checkUsage(page: Page, operands: readonly string[], rest: readonly string[]): void {
  const wanted = page.operands.split(' ').filter((word) => word !== '');
  const required = wanted.filter((word) => !word.startsWith('['));
  const usage = (problem: string): Error =>
    fail('cli.usage', `fleetune ${page.name}`, { problem, command: page.name });
  if (operands.length < required.length) throw usage(`${required[operands.length]} is missing`);
  const open = wanted.at(-1)?.endsWith('...') === true;
  if (!open && operands.length > wanted.length) {
    throw usage(`"${operands[wanted.length]}" is one operand too many`);
  }
  if (rest.length > 0 && page.takesRest !== true) throw usage('takes nothing after "--"');
}
