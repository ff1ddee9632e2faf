import { fail, shellQuote } from '@fleetune/core';
import type { Address } from '../../session/address.ts';
import { openStudies, type Studies } from '../../session/studies.ts';
import type { Invocation } from '../manual/page.ts';
import { coordinatorAddress } from './coordinator-address.ts';
import { textOption } from './option.ts';
import { specChanges } from './spec-changes.ts';
import { studyArgument } from './study-argument.ts';
import { slotsOption, studyToSubmit } from './study-to-run.ts';

export interface Submitted {
  name: string;
  address: Address;
  state: 'running' | 'ended';
  created: boolean;
  /** What counts from now on, of a study that was there: `budget.trials: 30 → 60`. */
  changes: readonly string[];
  /** The last event before. */
  lastEvent: number;
  /** STUDY as later commands take it. */
  shown: string;
}

/** Hands the study to the coordinator of `--on`, or has it go on with one that it has. */
export async function submitStudy(invocation: Invocation): Promise<Submitted> {
  const address = requiredAddress(invocation);
  const studies = openStudies({ on: address });
  const found = await studyToSubmit(invocation);
  const name = found?.spec.name ?? (await studyArgument(invocation)).name;
  const before = (await studies.list()).find((study) => study.name === name);
  const slots = slotsOption(invocation.options);
  const submission = found?.submission ?? { name, ...(slots !== undefined && { slots }) };
  const { state, created } = await studies.ask((owner) => owner.submitStudy(submission));
  await resumePaused(studies, name);
  const after = await studies.study(name);
  return {
    name,
    address,
    state,
    created,
    changes: before === undefined ? [] : specChanges(before.spec, after.spec),
    lastEvent: before?.lastEvent ?? 0,
    shown: [shellQuote(invocation.operands[0] ?? name), ...reachWords(invocation, address)].join(
      ' ',
    ),
  };
}

/** The options that reach the same coordinator again. */
function reachWords({ options }: Invocation, { url }: Address): string[] {
  const file = textOption(options, 'tokenFile');
  const ca = textOption(options, 'ca');
  return [
    `--on ${url}`,
    ...(file === undefined ? [] : [`--token-file ${shellQuote(file)}`]),
    ...(ca === undefined ? [] : [`--ca ${shellQuote(ca)}`]),
  ];
}

/** Whoever asks for it to run wants it to go on. */
async function resumePaused(studies: Studies, name: string): Promise<void> {
  const { status } = await studies.status(name);
  if (status.paused === undefined || status.state !== 'running') return;
  const reason = 'submitted again';
  await studies.ask((owner) => owner.resumeStudy({ name, reason }));
}

function requiredAddress(invocation: Invocation): Address {
  const address = coordinatorAddress(invocation, 'on');
  if (address !== undefined) return address;
  const problem = 'say where the coordinator answers: --on http://HOST:7077';
  throw fail('cli.usage', '--on', { problem, command: 'submit' });
}

/** What became of the file, in words. */
export function submittedLines({ name, address, created, state, changes }: Submitted): string[] {
  const where = `${state === 'running' ? 'is running' : 'has ended'} on ${address.url}`;
  if (created) return [`study ${name} ${where}`];
  return [`study ${name} was there already and ${where}`, ...changes.map((line) => `  ${line}`)];
}
