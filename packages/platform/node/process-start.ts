import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A number that tells a process from a later one with the same pid, also after a reboot; only equality means anything.
 * 0 when the process exists but the system does not say when it began; undefined when there is no such process.
 */
export function processStart(pid: number): number | undefined {
  if (!exists(pid)) return undefined;
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** Whether the process that once had this pid and start is still running; when in doubt, yes. */
export function isProcessAlive(pid: number, start: number): boolean {
  const now = processStart(pid);
  return now !== undefined && (now === start || now === 0 || start === 0);
}

function exists(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const TICKS = 2 ** 37;

/** Ticks from boot to the start (proc_pid_stat(5), field 22), with 16 bits of the boot's own id above them. */
function fromProc(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name (field 2) may hold spaces and parentheses: count from its last ")".
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie holds its pid until its parent looks, but it has ended.
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1');
    return parseInt(boot.slice(0, 4), 16) * TICKS + Number(fields[19]);
  } catch {
    // Ended in between, or /proc hides the processes of other users.
    return exists(pid) ? 0 : undefined;
  }
}

/** macOS and the BSDs: the start to the second. */
function fromPs(pid: number): number {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    });
    const start = Date.parse(`${text.trim()} UTC`);
    return Number.isFinite(start) ? start : 0;
  } catch {
    return 0;
  }
}
