import { hash, timingSafeEqual } from 'node:crypto';

/** Who is let in. */
export interface Access {
  /** Whether the token lets in now. Takes as long whatever was sent. */
  allows(token: string): boolean;
  /** Nobody is ever let in. */
  readonly empty: boolean;
}

/** A token as it is kept: whoever reads the memory of a crash finds no more than this. */
export interface KnownToken {
  digest: Buffer;
  /** Milliseconds since the epoch. Absent: never. */
  expiresAt?: number;
}

export function knownToken(token: string, expiresAt?: number): KnownToken {
  return { digest: digestOf(token), ...(expiresAt !== undefined && { expiresAt }) };
}

/** One token that holds as long as the process. */
export function oneToken(token: string): Access {
  const known = token === '' ? [] : [knownToken(token)];
  return { empty: known.length === 0, allows: (sent) => isKnown(known, sent, 0) };
}

export function isKnown(tokens: readonly KnownToken[], sent: string, now: number): boolean {
  const digest = digestOf(sent);
  let found = false;
  for (const known of tokens) {
    const same = timingSafeEqual(digest, known.digest);
    found = (same && now < (known.expiresAt ?? Infinity)) || found;
  }
  return found;
}

function digestOf(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
