import module from 'module';
import { join } from 'path';

/**
 * Keeps compiled code in the user's own cache: a shared folder such as /tmp could be prepared by somebody else. Counts
 * for what is imported afterwards.
 */
export function useCompileCache() {
  const { XDG_CACHE_HOME, HOME } = process.env;
  const cache = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
  if (cache) module.enableCompileCache(join(cache, 'fleetune'));
}
