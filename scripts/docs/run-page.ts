import { fences, type Fence, type Marker } from './fences.ts';
import { excerpt, sameOutput } from './match-output.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';

export interface PageResult {
  /** `start.md:41: …`, one for each block that did not do what the page says. */
  problems: string[];
  /** The page with the output blocks of this run. */
  updated: string;
  ran: number;
}

const LIMIT_MS = 120_000;
const SLOW_LIMIT_MS = 600_000;

/** Does what the page says, in a folder of its own, and compares what is printed here and there. */
export async function runPage(
  path: string,
  page: string,
  options: { slow?: boolean } = {},
): Promise<PageResult> {
  const sandbox = await createSandbox();
  const problems: string[] = [];
  const replaced: { fence: Fence; text: string }[] = [];
  let last: { output: string } | undefined;
  let ran = 0;
  try {
    for (const fence of fences(page)) {
      const { marker } = fence;
      const where = `${path}:${fence.line}`;
      if (marker.kind === 'file') await sandbox.write(marker.path, fence.text);
      if (marker.kind === 'run') {
        last = undefined;
        if (marker.slow && options.slow !== true) continue;
        const { exit, output } = await runFence(sandbox, fence.text, marker);
        ran += 1;
        last = { output };
        if (exit !== marker.exit) {
          problems.push(`${where}: ended with ${exit}, not ${marker.exit}:\n${output}`);
        }
      }
      if (marker.kind === 'output' && last !== undefined) {
        const text = excerpt(last.output, marker.from, marker.to);
        if (text === undefined) {
          problems.push(`${where}: no line begins like that:\n${last.output}`);
        } else {
          replaced.push({ fence, text });
          if (!sameOutput(fence.text, text, marker.match)) {
            problems.push(`${where}: the output is now:\n${text}`);
          }
        }
      }
    }
  } finally {
    await sandbox.remove();
  }
  const updated = replaced
    .reverse()
    .reduce((text, { fence, text: real }) => splice(text, fence, real), page);
  return { problems, updated, ran };
}

function runFence(
  sandbox: Sandbox,
  script: string,
  { slow }: Extract<Marker, { kind: 'run' }>,
): Promise<{ exit: number | string; output: string }> {
  return sandbox.run(script, slow ? SLOW_LIMIT_MS : LIMIT_MS);
}

function splice(page: string, { start, end }: Fence, text: string): string {
  return page.slice(0, start) + text + page.slice(end);
}
