import { fail, type Parameter, type ParamValue } from '@fleetune/core';
import { print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { flag } from './option.ts';
import { namedStudy } from './study-argument.ts';

export async function trialEnqueue(invocation: Invocation): Promise<number> {
  const { console, options, operands } = invocation;
  const { argument, studies } = await namedStudy(invocation);
  const { name, spec } = await studies.study(argument.name);
  const params = parseParams(operands.slice(1), spec.space);
  const { trial } = await studies.ask((owner) => owner.enqueueTrial({ name, params }));
  if (flag(options, 'json')) printJson(console, { study: name, trial });
  else print(console, [`trial ${trial} is in the queue of ${name}`]);
  return 0;
}

/** `NAME=VALUE` words; the space says how a value is to be read. */
export function parseParams(
  words: readonly string[],
  space: readonly Parameter[],
): Record<string, ParamValue> {
  const params: Record<string, ParamValue> = {};
  for (const word of words) {
    const equals = word.indexOf('=');
    const name = word.slice(0, Math.max(0, equals));
    if (name === '' || Object.hasOwn(params, name)) {
      const problem = name === '' ? 'params are written as NAME=VALUE' : `"${name}" is there twice`;
      throw fail('cli.usage', word, { problem, command: 'trial enqueue' });
    }
    const parameter = space.find((known) => known.name === name);
    params[name] = valueOf(word.slice(equals + 1), parameter);
  }
  return params;
}

function valueOf(text: string, parameter: Parameter | undefined): ParamValue {
  if (parameter?.type === 'categorical' || parameter?.type === 'ordinal') {
    const choice = parameter.choices.find((known) => String(known) === text);
    return choice === undefined ? text : choice;
  }
  if (parameter?.type === 'constant') {
    return String(parameter.value) === text ? parameter.value : text;
  }
  if (parameter?.type === 'boolean')
    return text === 'true' ? true : text === 'false' ? false : text;
  // What is no number stays text: the space names the place and what it takes.
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}
