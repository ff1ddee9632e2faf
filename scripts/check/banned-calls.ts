import ts from 'typescript';
import type { Findings } from './main.ts';
import { isTest, place, walk, type Source } from './sources.ts';

/** A global that hides an effect → what to use instead. */
const replacements: Record<string, string> = {
  'Date.now': 'Clock.now of @fleetune/platform',
  'new Date': 'Clock.now of @fleetune/platform',
  'performance.now': 'Clock.monotonic of @fleetune/platform',
  'process.hrtime': 'Clock.monotonic of @fleetune/platform',
  setTimeout: 'Clock.after of @fleetune/platform',
  setInterval: 'Clock.after of @fleetune/platform',
  'Math.random': 'a random stream of core/numerics, or Random of @fleetune/platform',
  'crypto.randomUUID': 'Random.id of @fleetune/platform',
};

/** In core as well, where there is no port to ask. */
const impure: Record<string, string> = {
  fetch: 'nothing: core has no network',
  'console.log': 'a return value',
  'console.warn': 'a return value',
  'console.error': 'a return value',
};

/** The one place where the real ones live. */
const exempt = 'packages/platform/node/';

/** Rings 0 and 1 get time, chance and the network from outside, so that a simulation can give them others. */
export function bannedCalls(sources: Source[]): Findings {
  const findings: Findings = [];
  let looked = 0;
  for (const source of sources) {
    const ring = /^packages\/(core|platform|protocol|coordinator|worker|launcher)\//.exec(
      source.path,
    );
    if (ring === null || isTest(source.path) || source.path.startsWith(exempt)) continue;
    looked += 1;
    const banned = new Map(Object.entries({ ...replacements, ...(ring[1] === 'core' && impure) }));
    walk(source.ast, (node) => {
      const name = used(node);
      const instead = name === undefined ? undefined : banned.get(name);
      if (instead !== undefined) {
        findings.push(`${place(source, node)}: ${name} is banned here; use ${instead}`);
      }
    });
  }
  if (looked === 0) findings.push('no source was looked at');
  return findings;
}

/** `Date.now` also when it is only passed on; `new Date` only without an argument. */
function used(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    return `${node.expression.text}.${node.name.text}`;
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date') {
    return (node.arguments ?? []).length === 0 ? 'new Date' : undefined;
  }
  if (!ts.isIdentifier(node)) return undefined;
  const { parent } = node;
  const isCalled = ts.isCallExpression(parent) && parent.expression === node;
  const isPassed = ts.isCallExpression(parent) && parent.arguments.includes(node);
  return isCalled || isPassed ? node.text : undefined;
}
