import { readFileSync } from 'node:fs';

/** What runtimes print when memory is over: Python, PyTorch, CUDA, C++, TensorFlow, Node, the C library. */
const TEXTS = [
  /\bMemoryError\b/,
  /\bOutOfMemoryError\b/,
  /CUDA out of memory/i,
  /CUDA_ERROR_OUT_OF_MEMORY/,
  /std::bad_alloc/,
  /JavaScript heap out of memory/,
  /\bCannot allocate memory\b/,
];

/** The line that says so, if one does. */
export function outOfMemoryText(tail: readonly string[]): string | undefined {
  return tail.findLast((line) => TEXTS.some((text) => text.test(line)));
}

/** Did the kernel kill for memory in our cgroup since the last look? */
export interface OomWatch {
  rose(): boolean;
}

/** `lookUp` counts the kernel's kills so far; undefined where the system does not tell. */
export function createOomWatch(lookUp: () => number | undefined = cgroupOomKills): OomWatch {
  let last = lookUp();
  return {
    rose() {
      const now = lookUp();
      const risen = last !== undefined && now !== undefined && now > last;
      last = now;
      return risen;
    },
  };
}

/** cgroup v2 has `memory.events`, v1 `memory.oom_control`; both hold a line `oom_kill N`. */
function cgroupOomKills(): number | undefined {
  const lines = read('/proc/self/cgroup')?.split('\n') ?? [];
  for (const line of lines) {
    const [, controllers, path = ''] = line.split(':');
    if (controllers === '') {
      const kills = oomKill(`/sys/fs/cgroup${path}/memory.events`);
      if (kills !== undefined) return kills;
    }
    if (controllers?.split(',').includes('memory')) {
      const kills = oomKill(`/sys/fs/cgroup/memory${path}/memory.oom_control`);
      if (kills !== undefined) return kills;
    }
  }
  // Inside a container the path of the host is not there.
  return oomKill('/sys/fs/cgroup/memory.events');
}

function oomKill(path: string): number | undefined {
  const count = /^oom_kill (\d+)$/m.exec(read(path) ?? '')?.[1];
  return count === undefined ? undefined : Number(count);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
