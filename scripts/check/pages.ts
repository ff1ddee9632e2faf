import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Findings } from './main.ts';
import { root } from '../root.ts';
import { listFiles } from './sources.ts';

/** Every markdown page has one title, and its relative links lead somewhere. */
export function pages(): Findings {
  const files = listFiles('*.md');
  if (files.length === 0) return ['no page was looked at'];
  return files.flatMap((path) => page(path, readFileSync(join(root, path), 'utf8')));
}

export function page(path: string, text: string): Findings {
  const findings: Findings = [];
  const prose = text.replace(/^(```+)[^]*?^\1\s*$/gm, '');
  const titles = prose.match(/^# .+$/gm) ?? [];
  if (titles.length !== 1) findings.push(`${path}: ${titles.length} titles (# …), needs one`);
  for (const [, target = ''] of prose.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [file = '', anchor] = target.split('#');
    const to = file === '' ? path : join(dirname(path), file);
    if (file !== '' && !existsSync(join(root, to))) {
      findings.push(`${path}: the link to ${target} leads nowhere`);
    } else if (anchor !== undefined && to.endsWith('.md')) {
      const there = file === '' ? text : readFileSync(join(root, to), 'utf8');
      if (!anchors(there).includes(anchor)) {
        findings.push(`${path}: ${to} has no heading #${anchor}`);
      }
    }
  }
  return findings;
}

/** Headings as the usual renderers turn them into anchors. */
function anchors(text: string): string[] {
  return (text.match(/^#+ .+$/gm) ?? []).map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
