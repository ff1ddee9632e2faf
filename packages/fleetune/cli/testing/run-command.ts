import { runCommandLine } from '../program.ts';
import { fakeConsole, type FakeConsoleOptions } from './fake-console.ts';

export interface Ran {
  exitCode: number;
  out: string;
  err: string;
}

/** Runs one command line as a user would, with what it wrote. */
export async function runCommand(argv: string[], options: FakeConsoleOptions = {}): Promise<Ran> {
  const console = fakeConsole(options);
  const exitCode = await runCommandLine(argv, console, '1.2.3');
  return { exitCode, out: console.out(), err: console.err() };
}
