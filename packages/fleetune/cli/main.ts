import manifest from '../package.json' with { type: 'json' };
import { processConsole } from './console.ts';
import { runCommandLine } from './program.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough, such as `head`, is no error.
  if (error.code === 'EPIPE') process.exit(0);
  // The terminal was closed: the signal that came with it drains the run.
  if (error.code !== 'EIO') throw error;
});

const exitCode = await runCommandLine(process.argv.slice(2), processConsole(), manifest.version);
process.stdout.write('', () => process.exit(exitCode));
