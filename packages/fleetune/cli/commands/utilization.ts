import { fail, utilizationAdvice, type Losses, type Utilization } from '@fleetune/core';
import type { Studies } from '../../session/studies.ts';
import { hasColour, print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { bar, clockTime, percent } from '../view/figures.ts';
import { paintLine, span, type Line } from '../view/line.ts';
import { lossNames } from '../view/utilization-lines.ts';
import { flag, textOption } from './option.ts';
import { allStudies, namedStudy } from './study-argument.ts';

const BAR_WIDTH = 40;

export async function utilizationOf(called: Invocation): Promise<number> {
  const invocation = withStudyOption(called);
  const { console, operands, options } = invocation;
  const named = operands.length === 0 ? undefined : await namedStudy(invocation);
  const studies = named?.studies ?? allStudies(invocation);
  const ledgers = await ledgersOf(studies, named?.argument.name);
  if (flag(options, 'json')) {
    printJson(
      console,
      ledgers.map(({ name, ledger }) => ({
        name,
        ...(ledger && { utilization: ledger, advice: utilizationAdvice(ledger) }),
      })),
    );
    return 0;
  }
  const colour = hasColour(console.stdout, console.env);
  const lines = ledgers.flatMap(({ name, ledger }) => [
    ...(ledger === undefined
      ? [[span(`${name}: nothing has run yet`)]]
      : ledgerLines(name, ledger)),
    [],
  ]);
  print(
    console,
    lines.slice(0, -1).map((line) => paintLine(line, colour)),
  );
  return 0;
}

/** Without a study it is about all of them, so that STUDY reads like an option here, and may be given as one. */
function withStudyOption(invocation: Invocation): Invocation {
  const study = textOption(invocation.options, 'study');
  if (study === undefined) return invocation;
  if (invocation.operands.length > 0) {
    const problem = 'STUDY and --study exclude each other';
    throw fail('cli.usage', '--study', { problem, command: 'utilization' });
  }
  return { ...invocation, operands: [study] };
}

async function ledgersOf(studies: Studies, one?: string) {
  const names = one === undefined ? (await studies.list()).map(({ name }) => name) : [one];
  const views = names.map(async (name) => {
    const { status } = await studies.status(name);
    return { name, ledger: status.utilization };
  });
  return Promise.all(views);
}

function ledgerLines(name: string, ledger: Utilization): Line[] {
  const { slots, allocatedUs, busyUs, lossesUs, gapMs } = ledger;
  const losses = (Object.entries(lossesUs) as [keyof Losses, number][])
    .filter(([, us]) => us > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([category, us]) => partLine(us / allocatedUs, lossNames[category], us));
  const many = slots === 1 ? '1 slot' : `${slots} slots`;
  const advice = utilizationAdvice(ledger).map(({ category, text }) => [
    span(`  ${lossNames[category]}: `),
    span(text, 'faint'),
  ]);
  return [
    [span(name, 'strong'), span(`   ${many}, ${clockTime(allocatedUs / 1000)} of slot time`)],
    partLine(busyUs / allocatedUs, 'busy', busyUs),
    ...losses,
    ...(gapMs === undefined
      ? []
      : [
          [
            span(
              `${gapMs.count} gaps: p50 ${gapMs.p50.toFixed(1)} ms, p99 ${gapMs.p99.toFixed(1)} ms, ` +
                `max ${gapMs.max.toFixed(1)} ms`,
              'faint',
            ),
          ],
        ]),
    ...(advice.length === 0 ? [] : [[span('What would raise it:')], ...advice]),
  ];
}

function partLine(share: number, name: string, us: number): Line {
  return [
    span(percent(share).padStart(7)),
    span('  '),
    ...bar(share, BAR_WIDTH, name === 'busy' ? 'good' : 'warn'),
    span(`  ${clockTime(us / 1000).padStart(8)}  `),
    span(name, 'faint'),
  ];
}
