import manifest from '../package.json' with { type: 'json' };
import { programWord } from './as-typed.ts';
import { processConsole } from './console.ts';
import { pages, runCommandLine } from './program.ts';

let givingUp = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough, such as `head`, is no error.
  if (error.code === 'EPIPE') process.exit(0);
  // The terminal was closed: the signal that came with it drains the run.
  if (error.code !== 'EIO') void giveUp(error);
});

const argv = process.argv.slice(2);
const program = programWord(process.env['FLEETUNE_INVOKED_AS']);
// Not for the programs of trials, which may call another fleetune.
delete process.env['FLEETUNE_INVOKED_AS'];
const exitCode = await runCommandLine(argv, processConsole(program), manifest.version);
// After the error of an earlier write has been heard of.
process.stdout.write('', () =>
  setImmediate(() => {
    if (!givingUp) process.exit(exitCode);
  }),
);

/** A full disk, most likely. What was acknowledged is in the database. */
async function giveUp({ message }: Error): Promise<void> {
  if (givingUp) return;
  givingUp = true;
  const { fail } = await import('@fleetune/core');
  const { printFailure } = await import('./failure.ts');
  const error = fail('cli.output', 'standard output', { problem: message });
  process.exit(printFailure(error, { argv, console: processConsole(program), pages }));
}
