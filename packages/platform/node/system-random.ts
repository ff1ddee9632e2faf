import { randomBytes, randomInt } from 'node:crypto';
import type { Random } from '../ports.ts';

export const systemRandom: Random = {
  id: (bytes = 12) => randomBytes(bytes).toString('base64url').replaceAll(/[-_]/g, 'x'),
  seed: () => randomInt(2 ** 32),
  fraction: () => randomInt(2 ** 32) / 2 ** 32,
};
