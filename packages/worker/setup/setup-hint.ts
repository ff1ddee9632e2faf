const HINTS: readonly [RegExp, string][] = [
  [
    /ensurepip is not\s+available|'-m', 'ensurepip'|No module named '?ensurepip|No module named '?venv/,
    'Install the module for virtual environments (Debian, Ubuntu: apt install python3-venv), then run again.',
  ],
  [
    new RegExp(
      'name resolution|Name or service not known|getaddrinfo|Network is unreachable|' +
        'NewConnectionError|Could not resolve host|Connection timed out|ProxyError|Tunnel connection',
    ),
    'The network was not reached: check the connection and the proxy settings (HTTPS_PROXY), then run again.',
  ],
  [
    /No matching distribution found|Could not find a version/,
    'The package index has no such version for this Python: correct the requirement, then run again.',
  ],
  [
    /no such program in PATH/,
    'Once the program is there (for Python on Debian or Ubuntu: apt install python3 python3-venv), run again.',
  ],
  [/No space left on device/, 'The disk is full: make room, then run again.'],
  [
    /Read-only file system|Permission denied/,
    "Make the study's folder writable, or have setup write somewhere else, then run again.",
  ],
];

/** What most likely helps, from how the step failed and what it printed. */
export function setupHint(problem: string, lines: readonly string[]): string {
  const text = [problem, ...lines].join('\n');
  const known = HINTS.find(([pattern]) => pattern.test(text));
  return known?.[1] ?? 'Run the command by hand in the folder of the study to see more.';
}
