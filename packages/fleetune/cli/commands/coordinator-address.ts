import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fail } from '@fleetune/core';
import type { Address } from '../../session/address.ts';
import type { Invocation } from '../manual/page.ts';
import { textOption } from './option.ts';

/** The coordinator that `--on` or `--url` names, with the token and the certificate to reach it. */
export function coordinatorAddress(
  { options, console }: Invocation,
  option: 'on' | 'url',
): Address | undefined {
  const text = textOption(options, option);
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '') {
    const expected = 'an address such as http://host:7077';
    throw fail('input.value', `--${option}`, { expected, got: JSON.stringify(text) });
  }
  const ca = textOption(options, 'ca');
  return {
    url: url.origin,
    token: tokenFor(url.origin, { options, console }),
    ...(ca !== undefined && { ca: readOption('--ca', resolve(console.cwd, ca)) }),
  };
}

function tokenFor(url: string, { options, console }: Pick<Invocation, 'options' | 'console'>) {
  const file = textOption(options, 'tokenFile');
  const token = file === undefined ? console.env.FLEETUNE_TOKEN : readToken(file, console.cwd);
  if (token === undefined || token === '') throw fail('cli.no-token', url, {});
  return token;
}

/** The first token of the file, as `fleetune serve` reads it: a comment or a time of expiry may follow. */
function readToken(file: string, cwd: string): string {
  const lines = readOption('--token-file', resolve(cwd, file)).split('\n');
  const [line = ''] = lines.map((text) => text.replace(/#.*/, '').trim()).filter(Boolean);
  const [token = ''] = line.split(/\s+/);
  // It goes into a header.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw fail('cli.unreadable', file, { problem: 'there is no token of plain characters in it' });
}

/** The content of a file that an option names. */
function readOption(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const problem = (error as Error).message.split(',')[0]!;
    throw fail('cli.unreadable', option, { problem }, { cause: error });
  }
}
