import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const path = join(import.meta.dirname, '../../packages/fleetune/dist/index.js');

/** The library as it is published: loading hundreds of sources would count as somebody's start-up. */
export async function builtLibrary(): Promise<typeof import('../../packages/fleetune/index.ts')> {
  return (await import(pathToFileURL(path).href)) as Awaited<ReturnType<typeof builtLibrary>>;
}
