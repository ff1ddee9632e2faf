// Code blocks of markdown pages, and what the comment above each says about it:
// docs/internals/pages-that-run.md explains the comments.

export interface Fence {
  /** Line of the opening fence, from 1. */
  line: number;
  language: string;
  text: string;
  marker: Marker;
  /** Where `text` is in the page. */
  start: number;
  end: number;
}

export type Marker =
  | { kind: 'none' }
  /** The block is this file. */
  | { kind: 'file'; path: string }
  /** The block is a shell script that ends with `exit`; slow ones run only on request. */
  | { kind: 'run'; exit: number; slow: boolean }
  /** The block is what the last script printed, from and to the lines that begin so. */
  | { kind: 'output'; from?: string; to?: string; match: 'text' | 'labels' }
  | { kind: 'not-run'; reason: string };

/** Blocks that begin at the margin, in order; those inside lists are prose to us. */
export function fences(page: string): Fence[] {
  const found: Fence[] = [];
  const block = /(?:^<!-- (.+) -->\n+)?^```(\w*)[^\n]*\n([^]*?)^```$/gm;
  for (const match of page.matchAll(block)) {
    const [whole, comment, language = '', text = ''] = match;
    const end = match.index + whole.length - '```'.length;
    const start = end - text.length;
    found.push({
      line: page.slice(0, start).split('\n').length - 1,
      language,
      text,
      marker: parseMarker(comment),
      start,
      end,
    });
  }
  return found;
}

function parseMarker(comment: string | undefined): Marker {
  const [, kind = '', rest = ''] = /^([\w-]+):? *(.*)$/.exec(comment ?? '') ?? [];
  if (kind === 'not-run') return { kind, reason: rest };
  if (kind === 'file') return { kind, path: rest };
  if (kind === 'run') {
    return { kind, exit: Number(attribute(rest, 'exit') ?? 0), slow: /\bslow\b/.test(rest) };
  }
  if (kind === 'output') {
    const [from, to] = [attribute(rest, 'from'), attribute(rest, 'to')];
    return {
      kind,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      match: attribute(rest, 'match') === 'labels' ? 'labels' : 'text',
    };
  }
  return { kind: 'none' };
}

/** `name=value` or `name="some words"`. */
function attribute(text: string, name: string): string | undefined {
  const [, quoted, word] = new RegExp(`\\b${name}=(?:"([^"]*)"|(\\S+))`).exec(text) ?? [];
  return quoted ?? word;
}
