import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { root } from '../root.ts';

const folder = join(root, 'packages/core/numerics/kernels');

/** The file with the module inlined. */
export const moduleFile = join(folder, 'module.ts');

/** From sources beside it in AssemblyScript; the same bytes everywhere. */
export async function compileKernels(): Promise<string> {
  let wasm: Uint8Array | undefined;
  const flags = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];
  const { error, stderr } = await asc.main(
    ['index.ts', '--outFile', 'kernels.wasm', '--baseDir', join(folder, 'assembly'), ...flags],
    {
      readFile: async (name, base) => {
        return readFile(join(base, name), 'utf8').catch(() => null);
      },
      writeFile: (_name, contents) => {
        wasm = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || wasm === undefined) throw new Error(`asc: ${stderr.toString()}`);
  const text = Buffer.from(wasm).toString('base64');
  return (
    `// Written by \`./dev kernels\` from assembly/: ${wasm.length} bytes of WebAssembly.\n` +
    `export const kernelModule =\n  '${text}';\n`
  );
}
