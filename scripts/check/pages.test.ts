import { describe, expect, it } from 'vitest';
import { page } from './pages.ts';

describe('pages', () => {
  it('have one title; a comment in a code block is none', () => {
    expect(page('x.md', '# One\n\n```sh\n# not a title\n```\n')).toEqual([]);
    expect(page('x.md', '# One\n\n# Two\n').join()).toContain('2 titles');
    expect(page('x.md', 'text\n').join()).toContain('0 titles');
  });

  it('link to files and headings that exist', () => {
    expect(page('x.md', '# A b, c\n[m](package.json) [h](#a-b-c) [w](https://x.org/y)')).toEqual(
      [],
    );
    expect(page('x.md', '# A\n[m](no/such.md)').join()).toContain('leads nowhere');
    expect(page('x.md', '# A\n[m](#b)').join()).toContain('no heading #b');
  });
});
