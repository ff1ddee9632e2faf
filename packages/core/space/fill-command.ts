// {name} becomes the parameter's value, {params} all active ones as --name value, {{name}} the text
// {name}. Other braces stay as they are: JSON, awk and shell blocks are common in commands.

import { assert } from '../errors/index.ts';
import type { CommandPart, Params, ParamValue } from './study-spec.ts';

export type FilledCommand = { argv: string[] } | { shell: string };

const placeholder = /\{(\{[A-Za-z_][A-Za-z0-9_.]*\})\}|\{([A-Za-z_][A-Za-z0-9_.]*)\}/g;

/** The placeholder that stands for every active parameter. */
export const allParams = 'params';

/** Names between single braces, in order. */
export function placeholdersOf(text: string): string[] {
  return [...text.matchAll(placeholder)].flatMap(([, , name]) =>
    name === undefined ? [] : [name],
  );
}

/**
 * `space` gives the order of {params}. readStudy has seen to it that every placeholder is a parameter, and active unless
 * its list can be left out.
 */
export function fillCommand(
  command: readonly CommandPart[] | string,
  params: Params,
  space: { readonly parameters: readonly { readonly name: string }[] },
): FilledCommand {
  const active = space.parameters.filter(({ name }) => Object.hasOwn(params, name));
  const all = active.flatMap(({ name }) => [`--${name}`, valueText(params[name]!)]);
  if (typeof command === 'string') {
    const shell = fillText(command, (name) =>
      name === allParams ? all.map(shellQuote).join(' ') : shellQuote(textOf(params, name)),
    );
    return { shell };
  }
  const whole = `{${allParams}}`;
  const argv = command.flatMap((part) => {
    const group = typeof part === 'string' ? [part] : part;
    const names = group.flatMap(placeholdersOf).filter((name) => name !== allParams);
    if (typeof part !== 'string' && names.some((name) => !Object.hasOwn(params, name))) return [];
    return group.flatMap((text) =>
      text === whole ? all : [fillText(text, (name) => textOf(params, name))],
    );
  });
  return { argv };
}

/** Parameters that the command does not name: they reach the program by its environment only. */
export function unnamedParams(
  command: readonly CommandPart[] | string,
  space: { readonly parameters: readonly { readonly name: string }[] },
): string[] {
  const named = new Set([command].flat(2).flatMap(placeholdersOf));
  if (named.has(allParams)) return [];
  return space.parameters.map(({ name }) => name).filter((name) => !named.has(name));
}

/**
 * As the program reads it: the shortest digits that give the same double again, whole numbers without
 * point and exponent, true, false, null.
 */
export function valueText(value: ParamValue): string {
  return String(value);
}

/** One word for a POSIX shell. */
export function shellQuote(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function textOf(params: Params, name: string): string {
  const value = params[name];
  assert(value !== undefined, `the placeholder {${name}} has no active parameter`);
  return valueText(value);
}

function fillText(text: string, valueOf: (name: string) => string): string {
  return text.replace(placeholder, (_, literal: string | undefined, name: string) =>
    literal === undefined ? valueOf(name) : literal,
  );
}
