// `./dev kernels`: compiles the kernels of packages/core/numerics from their sources.

import { writeFile } from 'node:fs/promises';
import { compileKernels, moduleFile } from './compile.ts';

await writeFile(moduleFile, await compileKernels());
