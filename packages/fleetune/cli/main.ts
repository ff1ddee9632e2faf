import manifest from '../package.json' with { type: 'json' };
import { processConsole } from './console.ts';
import { runCommandLine } from './program.ts';

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const exitCode = await runCommandLine(process.argv.slice(2), processConsole(), manifest.version);
process.stdout.write('', () => process.exit(exitCode));
