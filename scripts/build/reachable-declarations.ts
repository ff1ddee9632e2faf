// Of the declarations of all packages only those that users of the library can reach, so that nothing inside (the
// server's third-party types, say) becomes a part of the published types. Files stay apart: no name has to change.

import { posix } from 'node:path';
import ts from 'typescript';
import {
  readDeclarations,
  resolveName,
  type Declarations,
  type Named,
} from './declaration-file.ts';

/** File → text, beginning with what `entry` exports. `folder` has the emitted declarations, one folder per package. */
export function reachable(folder: string, entry: string): Map<string, string> {
  const files = readDeclarations(folder);
  /** File → names of it that are needed. */
  const needed = new Map<string, Set<string>>();
  const waiting: Named[] = [];
  const need = (item: Named): void => {
    const names = needed.get(item.file) ?? new Set();
    if (names.has(item.name)) return;
    needed.set(item.file, names.add(item.name));
    waiting.push(item);
  };

  const surface = [...(files.get(entry)?.exports ?? [])].map(([name]) => ({
    name,
    ...resolveName(files, { file: entry, name }),
  }));
  for (const { declared } of surface) need(declared);
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    for (const used of usedBy(files, item)) need(used);
  }

  const texts = new Map<string, string>();
  for (const [file, names] of needed) texts.set(file, printed(files, file, names));
  const lines = surface.map(({ name, declared, isType }) => {
    const as = declared.name === name ? name : `${declared.name} as ${name}`;
    return `export ${isType ? 'type ' : ''}{ ${as} } from '${specifier(entry, declared.file)}';`;
  });
  return texts.set(entry, `${lines.join('\n')}\n`);
}

/** What the declarations of one name refer to. */
function usedBy(files: Declarations, { file, name }: Named): Named[] {
  const { declared, imports } = files.get(file)!;
  const used: Named[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      if (declared.has(node.text)) used.push({ file, name: node.text });
      else if (imports.has(node.text))
        used.push(resolveName(files, imports.get(node.text)!).declared);
    }
    ts.forEachChild(node, visit);
  };
  for (const statement of declared.get(name) ?? []) visit(statement);
  return used;
}

/** The needed statements of one file, behind imports of what they use. */
function printed(files: Declarations, file: string, names: Set<string>): string {
  const { declared, imports, ast } = files.get(file)!;
  const statements = new Set([...names].flatMap((name) => declared.get(name) ?? []));
  const body = [...statements]
    .sort((a, b) => a.pos - b.pos)
    .map((statement) => ast.text.slice(statement.pos, statement.end).trim());
  const lines: string[] = [];
  for (const [local, from] of imports) {
    if (!body.some((text) => new RegExp(`\\b${local}\\b`).test(text))) continue;
    const { declared: target } = resolveName(files, from);
    const as = target.name === local ? local : `${target.name} as ${local}`;
    lines.push(`import type { ${as} } from '${specifier(file, target.file)}';`);
  }
  return `${[...lines, ...body, 'export {};'].join('\n')}\n`;
}

function specifier(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to).replace(/\.d\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
}
