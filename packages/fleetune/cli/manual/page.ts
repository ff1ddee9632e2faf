import type { Console } from '../console.ts';

/** What the user typed for one command. */
export interface Invocation {
  operands: readonly string[];
  options: Readonly<Record<string, string | boolean | string[] | undefined>>;
  /** What follows `--`. */
  rest: readonly string[];
  console: Console;
}

/** Answers the exit code. */
export type Action = (invocation: Invocation) => Promise<number> | number;

/** A command: its manual page, and where its code is once it is needed. */
export interface Page {
  /** Its words: `run`, `study list`. */
  name: string;
  /** `STUDY`, `[STUDY]`: what the command takes beside options. */
  operands: string;
  summary: string;
  /** Paragraphs. */
  text: readonly string[];
  /** As commander reads them, and what they do. */
  options: readonly (readonly [flags: string, text: string])[];
  example: readonly string[];
  /** Beside 0 for success and 2 and 3 for errors. */
  exitCodes?: readonly (readonly [code: number, text: string])[];
  /** Takes words after `--`. */
  takesRest?: true;
  load: () => Promise<Action>;
}

export const databaseOption = [
  '--db <FILE>',
  'the database; default: fleetune.db beside the study file, or in the current folder',
] as const;

const tokenOption = [
  '--token-file <FILE>',
  "file with the coordinator's token; default: the variable FLEETUNE_TOKEN",
] as const;

/** How the coordinator of `--on` or `--url` is reached. */
export const reachOptions = [
  tokenOption,
  ['--ca <FILE>', 'certificate (PEM) to trust, for an https address with one of its own'],
] as const;

export const onOptions = [
  ['--on <URL>', 'ask the coordinator at this address ("fleetune serve") instead of a database'],
  ...reachOptions,
] as const;

/** Of every command that looks at studies or changes them. */
export const placeOptions = [databaseOption, ...onOptions] as const;

export const reasonOption = ['--reason <TEXT>', 'why; it is kept in the log'] as const;

export const jsonOption = ['--json', 'print JSON instead of text'] as const;

export const studyText =
  'STUDY is the path of a study file if there is such a file, and the name of a study in the ' +
  'database otherwise.';
