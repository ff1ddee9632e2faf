import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '@fleetune/platform';
import type { Assignment } from '@fleetune/protocol';

export interface LocalFolders {
  /** Instead of the coordinator's folder of trial files, with a folder per study. */
  filesFolder?: string;
  /** Instead of the study's own folder, as it is called where the coordinator is. */
  cwd?: string;
}

/** An assignment as it is run on this host, whose folders may be others than the coordinator's. */
export function createLocalizer(
  folders: LocalFolders,
  log: Logger,
): (assignment: Assignment) => Assignment {
  const filesOf = new Map<string, string>();
  return (assignment) => {
    const { program, study } = assignment;
    let files = filesOf.get(program.files);
    if (files === undefined) {
      files = chooseFiles(program.files, study, folders.filesFolder, log);
      filesOf.set(program.files, files);
    }
    return { ...assignment, program: { ...program, files, cwd: folders.cwd ?? program.cwd } };
  };
}

function chooseFiles(
  wanted: string,
  study: string,
  filesFolder: string | undefined,
  log: Logger,
): string {
  if (filesFolder !== undefined) return join(filesFolder, study);
  try {
    mkdirSync(wanted, { recursive: true });
    return wanted;
  } catch (error) {
    const instead = join(process.cwd(), '.fleetune', study);
    const { code } = error as NodeJS.ErrnoException;
    const message = `trial files go to ${instead}: ${wanted} cannot be made here (${code})`;
    log.warn(`${message}; --files chooses a folder, best one that all workers share`);
    return instead;
  }
}
