#!/usr/bin/env node
// The first thing that runs: written for any Node.js, so that an old one gets a sentence instead of a syntax error.
import { useCompileCache } from './compile-cache.js';

const [major, minor] = process.versions.node.split('.').map(Number);
if (!((major === 22 && minor >= 18) || (major === 24 && minor >= 11) || major >= 26)) {
  process.stderr.write(
    'fleetune: needs Node.js ^22.18, ^24.11 or >= 26, found ' +
      process.versions.node +
      ': install a newer one\n',
  );
  process.exit(3);
}

useCompileCache();

// Node.js 22 warns that SQLite is experimental; nobody who runs the command can do anything about it.
const [printWarning] = process.listeners('warning');
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning' || !warning.message.startsWith('SQLite')) {
    printWarning(warning);
  }
});

import('../dist/cli.js');
