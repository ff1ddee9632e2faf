import { Command, CommanderError } from 'commander';
import type { Console } from './console.ts';
import type { Page } from './manual/page.ts';
import { runPages } from './manual/run-pages.ts';
import { studyControlPages } from './manual/study-control-pages.ts';
import { studyPages } from './manual/study-pages.ts';
import { trialControlPages } from './manual/trial-control-pages.ts';
import { trialPages } from './manual/trial-pages.ts';
import { workerPages } from './manual/worker-pages.ts';

export const pages: readonly Page[] = [
  ...runPages,
  ...studyPages,
  ...studyControlPages,
  ...trialPages,
  ...trialControlPages,
  ...workerPages,
];

const TITLE = 'fleetune: finds good hyperparameters for any program, and keeps every slot busy';

/** Runs one command line and answers its exit code. Only what the command needs is loaded. */
export async function runCommandLine(
  argv: readonly string[],
  console: Console,
  version: string,
): Promise<number> {
  // Words after "--" belong to the user's program, whatever they look like.
  const dashes = argv.indexOf('--');
  const own = withHelp(dashes < 0 ? argv : argv.slice(0, dashes));
  const rest = dashes < 0 ? [] : argv.slice(dashes + 1);
  let exitCode = 0;
  try {
    const program = await commandTree(own, console, async (page, operands, options) => {
      const { checkUsage } = await import('./usage.ts');
      checkUsage(page, operands, rest);
      const action = await page.load();
      exitCode = await action({ operands, options, rest, console });
    });
    program.version(version, '--version');
    await program.parseAsync([...own], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const { printFailure } = await import('./failure.ts');
    return printFailure(error, { argv: own, console, pages });
  }
}

/** Nothing, or the name of a group alone, asks what there is. */
function withHelp(argv: readonly string[]): readonly string[] {
  const group = argv.length === 1 && pages.some(({ name }) => name.startsWith(`${argv[0]} `));
  return argv.length === 0 || group ? [...argv, '--help'] : argv;
}

type Run = (
  page: Page,
  operands: string[],
  options: Record<string, string | boolean | string[]>,
) => Promise<void>;

async function commandTree(argv: readonly string[], console: Console, run: Run): Promise<Command> {
  const asksForHelp = argv.some((word) => /^(-h|--help|help)$/.test(word));
  const texts = asksForHelp ? await import('./manual/render-page.ts') : undefined;
  const contents = (title: string, usage: string, listed: readonly Page[]): string =>
    texts?.renderContents(listed, title, usage) ?? '';
  const root = quiet(new Command('fleetune'), console, () =>
    contents(TITLE, 'fleetune COMMAND [options]', pages),
  ).enablePositionalOptions();
  const groups = new Map<string, Command>();
  for (const page of pages) {
    const [first, second] = page.name.split(' ');
    const command = quiet(
      new Command(second ?? first),
      console,
      () => texts?.renderPage(page) ?? '',
    );
    // To set up the options of all commands takes a tenth of the time that `--version` does.
    if (argv.includes(first!)) for (const [flags] of page.options) addOption(command, flags);
    command
      .argument('[operands...]')
      .action((operands: string[], options) =>
        run(page, operands, options as Record<string, string | boolean | string[]>),
      );
    if (second === undefined) {
      root.addCommand(command);
      // It may be a group as well; what follows the name of a member is the member's.
      groups.set(first!, command.enablePositionalOptions());
      continue;
    }
    let group = groups.get(first!);
    if (group === undefined) {
      const members = pages.filter(({ name }) => name.startsWith(`${first} `));
      group = quiet(new Command(first), console, () =>
        contents(`fleetune ${first}: commands`, `fleetune ${first} COMMAND [options]`, members),
      );
      groups.set(first!, group);
      root.addCommand(group);
    }
    group.addCommand(command);
  }
  return root;
}

function quiet(command: Command, console: Console, help: () => string): Command {
  return command
    .exitOverride()
    .helpOption('-h, --help')
    .configureHelp({ formatHelp: help })
    .configureOutput({
      writeOut: (text) => console.stdout.write(text),
      writeErr: () => undefined,
    });
}

function addOption(command: Command, flags: string): void {
  if (flags.startsWith('--param ')) {
    command.option(flags, '', (value: string, before: string[] = []) => [...before, value]);
  } else {
    command.option(flags);
  }
}
