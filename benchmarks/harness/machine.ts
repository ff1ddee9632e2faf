import { arch, availableParallelism, cpus, platform } from 'node:os';

/** What the figures were measured on. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${model} × ${availableParallelism()}, ${platform()} ${arch()}, Node.js ${process.version}`;
}
