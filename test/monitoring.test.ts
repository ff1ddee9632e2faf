// What docs/guides/monitoring.md and its alert rules speak of is what a coordinator answers.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCoordinator, oneToken, serveHttp } from '@fleetune/coordinator';
import { memoryStore } from '@fleetune/coordinator/store';
import { readStudy } from '@fleetune/core';
import { systemClock } from '@fleetune/platform/node';
import { httpConnection, studyClient } from '@fleetune/protocol/node';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from './command.ts';

const token = 'a token for monitoring';

it('every figure of the guide and of its alert rules is there, and no other of ours', async () => {
  const exported = names(await scrape());
  const guide = readFileSync(join(root, 'docs/guides/monitoring.md'), 'utf8');
  const documented = [...guide.matchAll(/^\| `(fleetune_\w+)`/gm)].map(([, name]) => name);
  expect(documented.toSorted()).toEqual(exported.toSorted());
  const rules = alertRules();
  expect(rules.length).toBeGreaterThan(5);
  for (const { alert, expr } of rules) {
    const named = [...expr.matchAll(/\bfleetune_\w+?(?=_bucket\b|\b)/g)].map(([name]) => name);
    expect(exported, alert).toEqual(expect.arrayContaining(named));
  }
});

it('every alert rule has an expression, a severity and a summary', () => {
  for (const rule of alertRules()) {
    expect(rule).toMatchObject({
      alert: expect.stringMatching(/^Fleetune[A-Z]\w+$/) as string,
      expr: expect.any(String) as string,
      labels: { severity: expect.stringMatching(/^(warning|critical)$/) as string },
      annotations: { summary: expect.any(String) as string },
    });
  }
});

it('slots that idle are those of the last half hour, without what people have paused', () => {
  const { expr } = alertRules().find(({ alert }) => alert === 'FleetuneSlotsIdle')!;
  expect(expr).not.toContain('fleetune_utilization_ratio');
  expect(expr).toContain('fleetune_study_paused == 0');
  const categories = [
    'busy',
    'startUp',
    'gap',
    'suggestion',
    'decision',
    'tail',
    'drained',
    'lost',
  ];
  const named = [...expr.matchAll(/category!?[=~]+"([\w|]+)"/g)].flatMap(([, it]) =>
    it!.split('|'),
  );
  expect(named.length).toBeGreaterThan(2);
  for (const category of named) expect(categories).toContain(category);
});

interface Rule {
  alert: string;
  expr: string;
}

function alertRules(): Rule[] {
  const text = readFileSync(join(root, 'docs/guides/fleetune-alerts.yml'), 'utf8');
  const { groups } = parse(text) as { groups: { rules: Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

function names(text: string): string[] {
  return [...text.matchAll(/^# TYPE (fleetune_\w+)/gm)].map(([, name]) => name!);
}

async function scrape(): Promise<string> {
  const coordinator = createCoordinator(memoryStore(), systemClock);
  const raw = {
    name: 'watched',
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'float', low: 0, high: 1 } },
  };
  const read = readStudy(raw, { cwd: '/', seed: 1, withoutCommand: true });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  const host = await coordinator.open(read.spec);
  void coordinator.run(host, { keepGoing: true, files: '/', shared: true });
  await host.commit();
  const address = { host: '127.0.0.1', port: 0, version: 'test' };
  const server = await serveHttp(coordinator, { access: oneToken(token), ...address });
  const connection = httpConnection(server.url, token);
  try {
    const signal = AbortSignal.timeout(20_000);
    return await studyClient(connection).metrics({ signal });
  } finally {
    connection.close();
    await server.close();
    await coordinator.shutdown();
  }
}
