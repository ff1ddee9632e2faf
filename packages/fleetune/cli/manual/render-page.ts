import type { Page } from './page.ts';

const WIDTH = 80;

const commonExitCodes: readonly (readonly [number, string])[] = [
  [0, 'success'],
  [2, 'bad input: the message names the place and the remedy'],
  [3, 'the database or the environment'],
];

/** The manual page of one command. */
export function renderPage(page: Page): string {
  const usage = `fleetune ${page.name}${page.operands === '' ? '' : ` ${page.operands}`} [options]`;
  const own = page.exitCodes ?? [];
  const codes = commonExitCodes.filter(([code]) => own.every(([other]) => other !== code));
  const exitCodes = [...own, ...codes].sort(([a], [b]) => a - b);
  return [
    `fleetune ${page.name}: ${page.summary}`,
    '',
    `Usage: ${usage}${page.takesRest === true ? ' [-- COMMAND...]' : ''}`,
    ...page.text.flatMap((paragraph) => ['', ...wrap(paragraph, WIDTH)]),
    '',
    'Options:',
    ...list([...page.options.map(optionRow), ['-h, --help', 'print this page']]),
    '',
    page.example.length > 1 ? 'Examples:' : 'Example:',
    ...page.example.map((line) => `  ${line}`),
    '',
    'Exit codes:',
    ...list(exitCodes.map(([code, text]) => [String(code), text])),
    '',
  ].join('\n');
}

/** The first page: every command of a list, such as all of them or those of `study`. */
export function renderContents(pages: readonly Page[], title: string, usage: string): string {
  return [
    title,
    '',
    `Usage: ${usage}`,
    '',
    'Commands:',
    ...list(pages.map(({ name, operands, summary }) => [`${name} ${operands}`.trim(), summary])),
    '',
    'Options:',
    ...list([
      ['-h, --help', 'print this page, or the page of a command: fleetune run --help'],
      ['--version', 'print the version'],
    ]),
    '',
    'Example:',
    '  fleetune run study.yaml',
    '',
  ].join('\n');
}

function optionRow([flags, text]: readonly [string, string]): [string, string] {
  return [flags.replace(/<(\w+)>/, '$1'), text];
}

function list(rows: readonly (readonly [string, string])[]): string[] {
  const column = Math.max(...rows.map(([name]) => name.length)) + 4;
  return rows.flatMap(([name, text]) =>
    wrap(text, WIDTH - column).map((line, i) =>
      i === 0 ? `  ${name}`.padEnd(column) + line : ' '.repeat(column) + line,
    ),
  );
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
