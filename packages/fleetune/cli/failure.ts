import { styleText } from 'node:util';
import {
  FleetuneError,
  errorInfo,
  errorTable,
  nearest,
  render,
  type ErrorInfo,
} from '@fleetune/core';
import { CommanderError } from 'commander';
import { asTyped } from './as-typed.ts';
import { hasColour, type Console } from './console.ts';
import type { Page } from './manual/page.ts';

import { printable } from './view/text-width.ts';

interface Place {
  argv: readonly string[];
  console: Console;
  pages: readonly Page[];
}

/** Prints an error, or several at once, on the standard error and answers the exit code. */
export function printFailure(error: unknown, place: Place): number {
  const { argv, console } = place;
  const parts: unknown[] = error instanceof AggregateError ? error.errors : [error];
  const infos = parts.map((part) =>
    part instanceof CommanderError ? usageError(part, argv, place.pages) : infoOf(part),
  );
  if (argv.includes('--json')) {
    console.stderr.write(`${JSON.stringify({ kind: 'error', errors: infos })}\n`);
  } else {
    const colour = hasColour(console.stderr, console.env);
    for (const info of infos) console.stderr.write(`${text(info, colour, console.program)}\n`);
    // Our own bug: whoever reports it needs the trace.
    if (infos[0]!.code === 'internal' && error instanceof Error) {
      console.stderr.write(`${error.stack}\n`);
    }
  }
  return errorTable[infos[0]!.code].exit;
}

function text(info: ErrorInfo, colour: boolean, program: string): string {
  const paint = (format: Parameters<typeof styleText>[0], line: string): string =>
    colour ? styleText(format, line, { validateStream: false }) : line;
  const at = typeof info.data.at === 'string' ? [`  at ${info.data.at}`] : [];
  return [
    // The output of a program that failed has lines of its own.
    ...render(info)
      .split('\n')
      .map((line) => paint(['bold', 'red'], printable(line))),
    ...[...at, `  ${asTyped(info.remedy, program)}`, `  [${info.code}]`].map((line) =>
      paint('dim', printable(line)),
    ),
  ].join('\n');
}

function infoOf(error: unknown): ErrorInfo {
  if (error instanceof FleetuneError) return error.info;
  const problem = error instanceof Error ? error.message : String(error);
  return errorInfo('internal', '', { problem });
}

/** Commander's error in our words. */
function usageError(
  error: CommanderError,
  argv: readonly string[],
  pages: readonly Page[],
): ErrorInfo {
  const words = argv.filter((word) => !word.startsWith('-'));
  const typed = `${words.join(' ')} `;
  // `worker list` before `worker`.
  const page = pages
    .filter(({ name }) => typed.startsWith(`${name} `))
    .reduce<Page | undefined>((a, b) => (b.name.length > (a?.name.length ?? 0) ? b : a), undefined);
  const [, quoted = ''] = /'([^']*)'/.exec(error.message) ?? [];
  if (error.code === 'commander.unknownOption') {
    const flags = ['--help', ...(page?.options ?? []).map(([usage]) => usage.split(' ')[0]!)];
    // All begin alike.
    const meant = nearest(
      quoted.slice(2),
      flags.map((flag) => flag.slice(2)),
    );
    return errorInfo('cli.unknown-option', '', {
      option: quoted,
      nearest: meant === '' ? '' : `--${meant}`,
      command: page?.name ?? '',
    });
  }
  if (error.code === 'commander.unknownCommand') {
    const names = pages.map(({ name }) => name);
    const firstWords = [...new Set(names.map((name) => name.split(' ')[0]!))];
    const [first = ''] = words;
    const known = firstWords.includes(first);
    const typed = known ? words.slice(0, 2).join(' ') : first;
    return errorInfo('cli.unknown-command', '', {
      command: typed,
      nearest: nearest(typed, known ? names : firstWords),
    });
  }
  const problem = error.message.replace(/^error: /, '');
  return errorInfo('cli.usage', '', { problem, command: page?.name ?? '' });
}
