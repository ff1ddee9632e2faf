// What people and programs write: study files, command lines, params.

import { bad, conflict, environment, type Row } from './row.ts';

export const inputErrors = {
  // Any JSON-like input: the study file, a request, a command line.
  'input.missing': bad('is missing', 'Add it; docs/study-file.md lists every key.'),
  'input.type': bad('must be {expected}, got {got}', 'Make it {expected}.'),
  'input.value': bad('must be {expected}, got {got}', 'Make it {expected}.'),
  'input.choice': bad(
    'must be one of {known}, got {got}[[; did you mean "{nearest}"?]]',
    'Name one of them.',
  ),
  'input.unknown-key': bad(
    'is not a known key[[; did you mean "{nearest}"?]]',
    'Correct or remove it; known here: {known}.',
  ),
  'input.not-yet': bad(
    '{what} is not supported yet',
    'See CHANGELOG.md for what this release has.',
  ),

  // The search space, its constraints and the command that takes its values.
  'space.unknown-parameter': bad(
    'there is no parameter "{name}"[[; did you mean "{nearest}"?]]',
    'Name a parameter of the space: {known}.',
  ),
  'space.cycle': bad(
    'the condition depends on itself ({cycle})',
    'Remove one of the conditions of that circle.',
  ),
  'space.log-scale': bad(
    'must be above 0 on a log scale, got {got}',
    'Give a value above 0, or drop log: true.',
  ),
  'space.unsatisfiable': bad(
    'no params of the space satisfy {what}; {tried} points were tried',
    'Loosen the constraint or widen the bounds of its parameters.',
  ),
  'constraint.syntax': bad(
    'column {column}: expected {expected}, got {got}',
    'Write a comparison, for example "units <= 4096 * lr + 256"; docs/study-file.md has the rules.',
  ),
  'constraint.type': bad(
    'column {column}: must be {expected}, got {got}',
    'Compare numbers with numbers, and a choice with one of its choices in quotes.',
  ),
  'command.conditional': bad(
    'parameter "{name}" is not active in every trial',
    'Put it into a list of its own, which is left out with it: [--{name}, "{placeholder}"].',
  ),

  // The params of one trial, from a person or a program.
  'params.unknown': bad(
    'is not a parameter of the space[[; did you mean "{nearest}"?]]',
    'Correct or remove it.',
  ),
  'params.missing': bad('is missing, and active in these params', 'Give it a value.'),
  'params.inactive': bad('is inactive in these params ({condition})', 'Leave it out.'),
  'params.value': bad('must be {expected}, got {got}', 'Make it {expected}.'),
  'params.constraint': bad('{params} break the constraint', 'Change the params until it holds.'),

  // Another file of the same name.
  'study.other-objective': conflict(
    'the study "{name}" has another objective ({was})',
    'Give this one a name of its own, or another database with --db.',
  ),
  'study.other-outcomes': conflict(
    'the study "{name}" has other outcome constraints ({was})',
    'Its trials were judged by those. Give this one a name of its own, or another database with --db.',
  ),
  'study.other-parameter': conflict(
    'the study "{name}" knows this parameter as {was}, not as {now}',
    'Give the changed study a name of its own, or rename the parameter.',
  ),
  'study.parameter-removed': conflict(
    'the study "{name}" has trials with this parameter',
    'Put it back, make it a constant, or give the changed study a name of its own.',
  ),
  'study.parameter-added': conflict(
    'the study "{name}" has {trials} trials without this parameter',
    'Give it a default: the value that those trials stood for.',
  ),

  // The study file as text, and the command line.
  'study-file.not-found': bad(
    'there is no such file',
    'Check the path; a study in a database goes by its name: fleetune study list.',
  ),
  'study-file.unreadable': bad('cannot be read: {problem}', 'Name a text file that you may read.'),
  'study-file.empty': bad('is empty', 'Write a study into it; docs/study-file.md lists every key.'),
  'study-file.syntax': bad('{problem}', 'Correct the YAML at that line and column.'),
  'study-file.repeated-key': bad('the key "{key}" is there twice', 'Keep one of the two.'),
  'cli.usage': bad('{problem}', 'See: fleetune {command} --help.'),
  'cli.unknown-option': bad(
    'there is no option {option}[[; did you mean {nearest}?]]',
    'See: fleetune {command} --help.',
  ),
  'cli.unknown-command': bad(
    'there is no command "{command}"[[; did you mean "{nearest}"?]]',
    'See: fleetune --help.',
  ),
  'cli.output': environment('cannot be written: {problem}', 'Choose another file.'),
  'cli.unreadable': bad('cannot be read: {problem}', 'Name a text file that you may read.'),
  'cli.no-token': bad(
    'there is no token to show it',
    "Name the coordinator's token file with --token-file, or set FLEETUNE_TOKEN.",
  ),
  'trial.no-log': conflict(
    'attempt {attempt} of trial {trial} left no output here',
    'Logs lie where it ran: fleetune trial show STUDY {trial} names the worker, --files its folder.',
    404,
  ),
  'cli.param': bad(
    '{problem}',
    'Write it like lr=log:1e-5..1e-1, units=int:16..512, x=0..1 or act=relu,gelu.',
  ),

  // Predictions.
  'simulate.no-durations': bad(
    'nothing says how long its trials take: no trial of it has ended here',
    'Say it: --durations lognormal:5m,0.5 (median, sigma of the logarithm); or run a few trials first.',
  ),
  'simulate.cluster': bad(
    '{workers} workers of {slots} slots are more than {most} slots',
    'Simulate a part of the cluster, with the same part of the budget.',
  ),
  'simulate.memory': bad(
    '{workers} workers of {slots} slots took more memory than one simulation may',
    'Simulate a part of the cluster, with the same part of the budget; or allow more, in MB: NODE_OPTIONS=--max-old-space-size=16000.',
  ),
  'simulate.log-version': bad(
    'is of kind "{kind}", version {v}, which this release does not know',
    'Use the release that wrote the log, or leave it out: --durations lognormal:5m,0.5.',
  ),
} as const satisfies Record<string, Row>;
