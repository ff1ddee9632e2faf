import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import type { ProcessSpec } from '../spawner/spawner.ts';

/** Why a program could not be started, and what helps: one sentence each. */
export function startFailure(error: NodeJS.ErrnoException, spec: ProcessSpec): string {
  const { file, cwd } = spec;
  if (!existsSync(cwd)) {
    const remedy = `put the study's folder there, or start its worker with --cwd FOLDER`;
    return `cannot start in ${cwd}: there is no such folder on ${hostname()}; ${remedy}`;
  }
  const program = `cannot start "${file}"`;
  switch (error.code) {
    case 'ENOENT':
      return file.includes('/')
        ? `${program}: there is no such file, seen from ${cwd}; correct the command, or make it in setup`
        : `${program}: there is no such program in PATH; install it or correct the command`;
    case 'EACCES':
      return `${program}: it may not be executed; run chmod +x on it, or put its interpreter before it`;
    case 'E2BIG':
      return `${program}: its arguments are too long; let it read FLEETUNE_PARAMS_FILE instead`;
    case 'EMFILE':
    case 'ENFILE':
    case 'EAGAIN':
      return `${program}: too many open files or processes (${error.code}); use fewer slots, or raise ulimit -n and -u`;
    default:
      return `${program}: ${error.message}`;
  }
}
