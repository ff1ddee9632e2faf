import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { studyFileSchema } from '@fleetune/core';
import { build, type Plugin } from 'rolldown';
import { root } from '../root.ts';

interface Entry {
  source: string;
  /** The code of the file that others start or import, which hands over to the built one. */
  handOver(built: string): string;
}

const handOverWithCache = (built: string): string =>
  `import { useCompileCache } from '../bin/compile-cache.js';\nuseCompileCache();\nawait import('${built}');\n`;

/** Everything is bundled: start-up is twice as fast as from node_modules. */
const entries: Record<string, Entry> = {
  cli: {
    source: 'packages/fleetune/cli/main.ts',
    handOver: (built) => `import '${built}';\n`,
  },
  index: {
    source: 'packages/fleetune/index.ts',
    handOver: (built) => `export * from '${built}';\n`,
  },
  'worker-process': {
    source: 'packages/fleetune/session/worker-process.ts',
    handOver: handOverWithCache,
  },
  'watchdog-process': {
    source: 'packages/fleetune/session/watchdog-process.ts',
    handOver: handOverWithCache,
  },
  'spawner-process': {
    source: 'packages/fleetune/session/spawner-process.ts',
    handOver: handOverWithCache,
  },
  'advisor-thread': {
    source: 'packages/fleetune/session/advisor-thread.ts',
    handOver: handOverWithCache,
  },
  'simulation-thread': {
    source: 'packages/fleetune/session/simulation-thread.ts',
    handOver: handOverWithCache,
  },
};

/**
 * What Fastify has for servers that speak HTTP/2, plugins that name its versions, schemas without compilers of ours,
 * its own log and requests without a network: two thirds of a coordinator's code, of which nothing runs.
 */
const UNUSED_BY_FASTIFY = [
  'node:http2',
  'semver',
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'pino',
  'light-my-request',
];

const withoutUnused: Plugin = {
  name: 'without-unused',
  resolveId: (source, importer) =>
    importer?.includes('/node_modules/fastify/') && UNUSED_BY_FASTIFY.includes(source)
      ? `\0unused:${source}`
      : undefined,
  load: (id) => (id.startsWith('\0unused:') ? 'module.exports = {};' : undefined),
};

/** An import statement would have every getter of a module of Node.js evaluated, which load others, such as Web Crypto. */
const withQuickBuiltins: Plugin = {
  name: 'with-quick-builtins',
  renderChunk: (code) =>
    code.replace(
      /^import (?:\{(?<named>[^}]*)\}|\* as (?<all>[\w$]+)|(?<own>[\w$]+)) from "(?<module>node:[\w/]+)";$/gm,
      (...match) => {
        const { named, all, own, module } = match.at(-1) as Record<string, string | undefined>;
        const names = named === undefined ? (all ?? own) : `{${named.replaceAll(' as ', ': ')}}`;
        return `const ${names} = globalThis.process.getBuiltinModule("${module}");`;
      },
    ),
};

export interface Bundle {
  bytes: number;
  /** Absolute paths of every source that went in. */
  modules: string[];
}

/**
 * Fills a folder with the command and the library. Names of files with code carry a hash of their content, so that
 * builds can lie side by side; only those that hand over have fixed names.
 */
export async function bundle(folder: string): Promise<Bundle> {
  const { output } = await build({
    cwd: root,
    input: Object.fromEntries(Object.entries(entries).map(([name, { source }]) => [name, source])),
    platform: 'node',
    // One flat folder: the processes that we start are found beside whichever chunk starts them.
    output: {
      dir: folder,
      format: 'esm',
      entryFileNames: '[name]-[hash].js',
      chunkFileNames: '[name]-[hash].js',
    },
    plugins: [withoutUnused, withQuickBuiltins],
    logLevel: 'warn',
  });
  const chunks = output.filter((file) => file.type === 'chunk');
  for (const [name, { handOver }] of Object.entries(entries)) {
    const built = chunks.find((chunk) => chunk.isEntry && chunk.name === name)!;
    await writeFile(join(folder, `${name}.js`), handOver(`./${built.fileName}`));
  }
  await copyFile(join(root, 'python/fleetune.py'), join(folder, 'fleetune.py'));
  // For editors: docs/study-file.md explains it.
  const schema = `${JSON.stringify(studyFileSchema, null, 2)}\n`;
  await writeFile(join(folder, 'study.schema.json'), schema);
  return {
    bytes: chunks.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0),
    modules: chunks.flatMap((chunk) => Object.keys(chunk.modules)),
  };
}
