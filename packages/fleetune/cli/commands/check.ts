import {
  acceptanceRate,
  createSampler,
  expectedLadder,
  fail,
  gridSize,
  outcomeConstraintText,
  searchSpace,
  unnamedParams,
  type Params,
  type SearchSpace,
  type StudySpec,
} from '@fleetune/core';
import { print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { readStudyFile } from '../study-file/read-study-file.ts';
import { table } from '../output/table.ts';
import { count, figure, paramText, percent } from '../view/figures.ts';
import { printable } from '../view/text-width.ts';
import { flag } from './option.ts';
import { programLine } from './program-line.ts';
import { studyArgument } from './study-argument.ts';

const SAMPLES = 3;
/** The samples of a study without a seed: the same on every call. */
const SEED = 0;

export async function check(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const { file } = await studyArgument(invocation);
  if (file === undefined) throw fail('study-file.not-found', invocation.operands[0]!, {});
  const { spec } = readStudyFile(file, console.cwd, SEED);
  const space = searchSpace(spec.space, spec.constraints);
  const samples = sampleParams(spec, space).map((params) => ({
    params,
    command: programLine(spec, params, console.cwd),
  }));
  const acceptance = spec.constraints.length === 0 ? undefined : acceptanceRate(space);
  const ladder = expectedLadder(spec);
  if (flag(options, 'json')) {
    const size = Number.isFinite(space.size) ? space.size : 'Infinity';
    printJson(console, { spec, size, acceptance, ladder, samples });
    return 0;
  }
  print(console, [
    `${file} is valid: study ${spec.name}`,
    ...describeStudy(spec, space, acceptance),
    ...ladderLines(spec, ladder),
    '',
    samples.every(({ command }) => command === undefined) ? 'Sample trials:' : 'Sample commands:',
    ...samples.map(({ params, command }) => `  ${printable(command ?? paramsText(params))}`),
    ...unnamedLines(spec, space),
  ]);
  return 0;
}

function sampleParams(spec: StudySpec, space: SearchSpace): Params[] {
  const sampler = createSampler({ type: 'random' }, space, spec.seed);
  const samples: Params[] = [];
  for (let trial = 0; trial < SAMPLES; trial++) {
    const suggestion = sampler.suggest(trial);
    if ('exhausted' in suggestion) break;
    samples.push(suggestion.params);
  }
  return samples;
}

function describeStudy(
  spec: StudySpec,
  space: SearchSpace,
  acceptance: number | undefined,
): string[] {
  const { objective, objectives = [objective], outcomeConstraints = [], budget } = spec;
  const size = Number.isFinite(space.size) ? `${count(space.size)} sets of params` : 'continuous';
  const { length } = space.parameters;
  const parameters = `${length} ${length === 1 ? 'parameter' : 'parameters'}`;
  const limits = [
    ...(budget.trials === undefined ? [] : [`${count(budget.trials)} trials`]),
    ...(budget.timeMs === undefined ? [] : [`${figure(budget.timeMs / 60_000)} minutes`]),
    ...(budget.target === undefined ? [] : [`target ${figure(budget.target)}`]),
  ];
  return [
    ...objectives.map(
      ({ direction, metric }, i) =>
        `  ${i === 0 ? 'objective ' : '          '}   ${direction} ${metric}`,
    ),
    ...outcomeConstraints.map(
      (one, i) => `  ${i === 0 ? 'outcomes' : '        '}     ${outcomeConstraintText(one)}`,
    ),
    `  space        ${parameters}, ${size}`,
    ...(acceptance === undefined
      ? []
      : [`  constraints  ${percent(acceptance)} of random params satisfy them`]),
    `  sampler      ${samplerText(spec, space)}`,
    `  scheduler    ${spec.scheduler.type}`,
    `  budget       ${limits.length === 0 ? 'none: it runs until it is stopped' : limits.join(', ')}`,
    `  slots        ${spec.engine.slots}`,
  ];
}

function samplerText({ sampler }: StudySpec, space: SearchSpace): string {
  if (sampler.type !== 'grid') return sampler.type;
  const size = gridSize(space, sampler.counts);
  return size === undefined ? 'grid' : `grid, ${count(size)} combinations`;
}

function ladderLines(spec: StudySpec, ladder: ReturnType<typeof expectedLadder>): string[] {
  if (ladder === undefined) return [];
  const name = spec.fidelity?.metric ?? 'step';
  const rows = ladder.map(({ fidelity, trials }) => [
    figure(fidelity),
    trials === undefined ? 'any' : count(trials),
  ]);
  const lines = table([name.toUpperCase(), 'TRIALS'], rows);
  return ['', 'Ladder: trials expected to reach each rung', ...lines.map((line) => `  ${line}`)];
}

/** Often a slip: the program would run with its own default. */
function unnamedLines(spec: StudySpec, space: SearchSpace): string[] {
  const unnamed = spec.command === undefined ? [] : unnamedParams(spec.command, space);
  if (unnamed.length === 0) return [];
  const reach = unnamed.length === 1 ? 'reaches' : 'reach';
  return ['', `Not in the command: ${unnamed.join(', ')} ${reach} it as FLEETUNE_PARAMS only.`];
}

function paramsText(params: Params): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}=${paramText(value)}`)
    .join(' ');
}
