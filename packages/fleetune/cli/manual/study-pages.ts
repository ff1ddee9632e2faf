import { jsonOption, placeOptions, studyText, type Page } from './page.ts';

export const studyPages: readonly Page[] = [
  {
    name: 'study list',
    operands: '',
    summary: 'the studies of a database',
    text: ['Prints one line per study: its state, its trials, its incumbent.'],
    options: [...placeOptions, jsonOption],
    example: ['fleetune study list --db examples/digits/fleetune.db'],
    load: async () => (await import('../commands/study-list.ts')).studyList,
  },
  {
    name: 'study show',
    operands: 'STUDY',
    summary: 'what the live view of a run shows, at any time',
    text: [
      'Prints the state of the study, its incumbent, what its slots run, its rungs, its ' +
        'utilization and its last failure. Works while the study runs.',
      studyText,
    ],
    options: [...placeOptions, jsonOption],
    example: ['fleetune study show study.yaml'],
    load: async () => (await import('../commands/study-show.ts')).studyShow,
  },
  {
    name: 'study export',
    operands: 'STUDY',
    summary: 'all trials as CSV or JSON',
    text: [
      'Writes one row per trial, in the order of their numbers: state, value, step, params, ' +
        'metrics and times (ISO 8601, UTC). Inactive params are empty cells.',
      studyText,
    ],
    options: [
      ['--format <FORMAT>', 'csv or json; default: csv'],
      ['--output <FILE>', 'write to this file instead of the standard output'],
      ...placeOptions,
      ['--json', 'the same as --format json'],
    ],
    example: ['fleetune study export study.yaml --format csv --output trials.csv'],
    load: async () => (await import('../commands/study-export.ts')).studyExport,
  },
  {
    name: 'study delete',
    operands: 'STUDY',
    summary: 'remove a study and its history from the database',
    text: [
      'Removes the study with all its trials, events, logs and checkpoints for ever. Refused while ' +
        'it runs, and without --yes. With --on, trial files stay where they are.',
      studyText,
    ],
    options: [['--yes', 'yes, delete it'], ...placeOptions, jsonOption],
    example: ['fleetune study delete digits-mlp --yes'],
    load: async () => (await import('../commands/study-delete.ts')).studyDelete,
  },
];
