import { readFileSync, statSync } from 'node:fs';
import { fail, type FleetuneError } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import { isKnown, knownToken, type Access, type KnownToken } from './access.ts';

/** Guessing a shorter one is a matter of time. */
const LEAST_CHARACTERS = 16;
/** A change of the file counts within this time. */
const LOOK_AGAIN_MS = 1000;

/**
 * The tokens of a file: one on each line, with the time of its expiry behind it if it has one
 * (`TOKEN 2027-01-31T00:00:00Z`); `#` begins a comment. Only its owner may read it. A file that changes counts at
 * once; one that cannot be used any more lets nobody in. Throws `auth.token-file` at the start.
 */
export function tokenFile(path: string, clock: Clock): Access {
  let tokens = readTokens(path);
  let changed = statSync(path).mtimeMs;
  let lookAgainMs = clock.monotonic() + LOOK_AGAIN_MS;

  function look(): void {
    if (clock.monotonic() < lookAgainMs) return;
    lookAgainMs = clock.monotonic() + LOOK_AGAIN_MS;
    try {
      const { mtimeMs } = statSync(path);
      if (mtimeMs === changed) return;
      tokens = readTokens(path);
      changed = mtimeMs;
    } catch {
      tokens = [];
      changed = NaN;
    }
  }

  return {
    empty: false,
    allows(sent) {
      look();
      return isKnown(tokens, sent, clock.now());
    },
  };
}

/** Throws `auth.token-file`. */
function readTokens(path: string): KnownToken[] {
  const unusable = (problem: string): FleetuneError => fail('auth.token-file', path, { problem });
  let text: string;
  let mode: number;
  try {
    text = readFileSync(path, 'utf8');
    ({ mode } = statSync(path));
  } catch (cause) {
    throw unusable((cause as Error).message);
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw unusable('others may read it');
  }
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
  const tokens = lines.flatMap((line, index) => {
    if (line === '') return [];
    const [token = '', expiry, ...rest] = line.split(/\s+/);
    const expiresAt = expiry === undefined ? undefined : Date.parse(expiry);
    const where = `line ${index + 1}`;
    if (token.length < LEAST_CHARACTERS) throw unusable(`${where} has a token that is too short`);
    if (Number.isNaN(expiresAt) || rest.length > 0)
      throw unusable(`${where} has no time of expiry`);
    return [knownToken(token, expiresAt)];
  });
  if (tokens.length === 0) throw unusable('it has no token');
  return tokens;
}
