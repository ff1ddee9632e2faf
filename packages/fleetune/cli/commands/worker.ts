import { availableParallelism } from 'node:os';
import { fail, parseDuration } from '@fleetune/core';
import { joinAsWorker } from '../../session/join-as-worker.ts';
import type { Invocation } from '../manual/page.ts';
import { coordinatorAddress } from './coordinator-address.ts';
import { countOption, durationOption, textOption } from './option.ts';

const MOST_SLOTS = 10_000;

export async function worker(invocation: Invocation): Promise<number> {
  const { options, console } = invocation;
  const address = coordinatorAddress(invocation, 'url');
  if (address === undefined) {
    const problem = 'say where the coordinator answers: --url http://HOST:7077';
    throw fail('cli.usage', '--url', { problem, command: 'worker' });
  }
  const chosen = countOption(options, 'slots', 1, MOST_SLOTS);
  const slots = chosen ?? availableParallelism();
  const name = nameOption(options);
  const joined = await joinAsWorker({
    address,
    slots,
    name,
    deathTimeoutMs: msOption(options, 'deathTimeout'),
    walltimeMs: msOption(options, 'walltime'),
    filesFolder: textOption(options, 'files'),
    cwd: textOption(options, 'cwd'),
  });
  const many = slots === 1 ? '1 slot' : `${slots} slots`;
  const say = (text: string): void => void console.stdout.write(`${text}\n`);
  const why = chosen === undefined ? ', one per CPU; --slots chooses' : '';
  let draining = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    const key = signal === 'SIGINT' ? 'Ctrl-C' : signal;
    if (!draining) {
      draining = true;
      say(`${key}: draining, running trials go back to the queue. Ctrl-C again ends them now.`);
      joined.drain(key);
    } else if (signal === 'SIGINT') {
      say('Ctrl-C again: ending now.');
      joined.quit('a second Ctrl-C');
    }
  };
  // Engines announce a preemption by whatever signal they were set up with.
  const stopListening = console.onSignal(onSignal, ['SIGUSR1', 'SIGUSR2']);
  say(`worker ${joined.name}: ${many} for ${address.url}${why}`);
  try {
    await joined.done;
  } finally {
    stopListening();
  }
  say(`worker ${joined.name} has left`);
  return 0;
}

function msOption(options: Invocation['options'], name: string): number | undefined {
  const text = durationOption(options, name);
  return text === undefined ? undefined : parseDuration(text);
}

/** It is part of addresses and of log lines. */
function nameOption(options: Invocation['options']): string | undefined {
  const name = textOption(options, 'name');
  if (name === undefined || /^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,199}$/.test(name)) return name;
  const expected = 'up to 200 letters, digits and any of ._:@+-';
  throw fail('input.value', '--name', { expected, got: JSON.stringify(name) });
}
