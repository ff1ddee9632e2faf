import { fileURLToPath } from 'node:url';

/** A module of this folder that is started as a process: `.ts` from a checkout, `.js` in the built package. */
export function entry(name: 'worker-process' | 'watchdog-process'): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./${name}.${extension}`, import.meta.url));
}
