// Several hosts on one machine: network namespaces on one bridge, which lives in a namespace of its own, so that the
// machine's network is not touched. Needs root and iproute2, no firewall tools: what a host does not hear is what
// the others have no route for.

import { execFileSync, spawnSync } from 'node:child_process';

export interface NetworkHosts {
  address(host: number): string;
  /** What starts a command on that host. */
  place(host: number): readonly string[];
  /** Pulls the host's plug: nothing arrives, nothing is refused. The answer puts it back. */
  cut(host: number): () => void;
  /** What `from` sends arrives, and it hears nothing from `to`. The answer heals it. */
  deafen(from: number, to: number): () => void;
  /** What `from` sends to `to` is refused at once. The answer heals it. */
  reject(from: number, to: number): () => void;
  close(): void;
}

export function hasNetworkNamespaces(): boolean {
  const name = `fleetune-probe-${process.pid}`;
  const made = spawnSync('ip', ['netns', 'add', name]).status === 0;
  if (made) ip('netns', 'del', name);
  return made;
}

let networks = 0;

export function networkHosts(count: number): NetworkHosts {
  const prefix = `ft${process.pid}n${(networks += 1)}`;
  const wire = `${prefix}w`;
  const hosts = Array.from({ length: count }, (_, host) => host);
  const address = (host: number): string => `10.77.0.${10 + host}`;
  const name = (host: number): string => `${prefix}h${host}`;
  const route = (at: number, kind: 'blackhole' | 'prohibit', to: number) => {
    const words = [kind, `${address(to)}/32`];
    ip('-n', name(at), 'route', 'add', ...words);
    return () => ip('-n', name(at), 'route', 'del', ...words);
  };

  ip('netns', 'add', wire);
  ip('-n', wire, 'link', 'add', 'bridge', 'type', 'bridge');
  ip('-n', wire, 'link', 'set', 'bridge', 'up');
  for (const host of hosts) {
    const port = `port${host}`;
    ip('netns', 'add', name(host));
    const end = ['peer', 'name', port, 'netns', wire];
    ip('link', 'add', 'wire', 'netns', name(host), 'type', 'veth', ...end);
    ip('-n', name(host), 'addr', 'add', `${address(host)}/24`, 'dev', 'wire');
    for (const device of ['lo', 'wire']) ip('-n', name(host), 'link', 'set', device, 'up');
    ip('-n', wire, 'link', 'set', port, 'master', 'bridge', 'up');
  }

  return {
    address,
    place: (host) => ['ip', 'netns', 'exec', name(host)],
    cut(host) {
      ip('-n', wire, 'link', 'set', `port${host}`, 'down');
      return () => ip('-n', wire, 'link', 'set', `port${host}`, 'up');
    },
    deafen: (from, to) => route(to, 'blackhole', from),
    reject: (from, to) => route(from, 'prohibit', to),
    close() {
      for (const host of hosts) ip('netns', 'del', name(host));
      ip('netns', 'del', wire);
    },
  };
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' });
}
