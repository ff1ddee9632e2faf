import { expect, test } from 'vitest';
import { fences } from './fences.ts';

const page = `# Title

<!-- file train.py -->

\`\`\`python
print(1)
\`\`\`

<!-- run exit=2 -->

\`\`\`sh
fleetune check x.yaml
\`\`\`

<!-- output from="The end" match=labels -->

\`\`\`text
The end of it
\`\`\`

\`\`\`yaml
seed: 7
\`\`\`

- a list

  \`\`\`sh
  indented
  \`\`\`

<!-- not-run: needs a cluster -->

\`\`\`sh
\`\`\`
`;

test('a comment above a block says what it is', () => {
  expect(fences(page).map(({ marker }) => marker)).toEqual([
    { kind: 'file', path: 'train.py' },
    { kind: 'run', exit: 2, slow: false },
    { kind: 'output', from: 'The end', match: 'labels' },
    { kind: 'none' },
    { kind: 'not-run', reason: 'needs a cluster' },
  ]);
});

test('start and end enclose exactly the text of the block, and line is that of its fence', () => {
  for (const { text, start, end, line } of fences(page)) {
    expect(page.slice(start, end)).toBe(text);
    expect(page.split('\n')[line - 1]).toMatch(/^```/);
  }
});

test('two comments in a row: the last one counts', () => {
  const [fence] = fences('<!-- some note -->\n\n<!-- run -->\n\n```sh\ntrue\n```\n');
  expect(fence?.marker).toEqual({ kind: 'run', exit: 0, slow: false });
});
