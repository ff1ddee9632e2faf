import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { fail } from '@fleetune/core';

export interface CertificateFiles {
  /** The certificate, and those between it and its authority, as PEM. */
  certFile: string;
  keyFile: string;
}

/** Throws `server.certificate` when the files cannot be read or do not belong together. */
export function readCertificate({ certFile, keyFile }: CertificateFiles): {
  cert: Buffer;
  key: Buffer;
} {
  try {
    const pair = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
    createSecureContext(pair);
    return pair;
  } catch (cause) {
    throw fail('server.certificate', certFile, { problem: (cause as Error).message }, { cause });
  }
}
