import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { command, serveProcess, type ServeProcess } from '../coordinator/serve-process.ts';
import { cuttableProxy, type CuttableProxy } from './cuttable-proxy.ts';

export interface ClusterShape {
  hosts: number;
  workersPerHost: number;
  slotsPerWorker: number;
}

/** A coordinator and worker processes on hosts that can lose their network, all on this machine. */
export interface Cluster {
  readonly url: string;
  readonly token: string;
  readonly workers: number;
  readonly slots: number;
  /** SIGKILL; another one of its name starts after a second. */
  killWorker(index: number): void;
  /** SIGKILL; the next one starts at once, and this resolves when it answers. */
  killCoordinator(): Promise<void>;
  cutHost(index: number, ms: number): Promise<void>;
  stop(): Promise<void>;
}

const RESTART_MS = 1000;

export async function startCluster(folder: string, shape: ClusterShape): Promise<Cluster> {
  const { hosts, workersPerHost, slotsPerWorker } = shape;
  let coordinator: ServeProcess = await serveProcess(folder);
  const { url, token } = coordinator;
  const port = Number(new URL(url).port);
  const networks: CuttableProxy[] = [];
  for (let host = 0; host < hosts; host += 1) networks.push(await cuttableProxy(port));
  const workers = new Map<number, ChildProcess>();
  let stopping = false;

  function startWorker(index: number): void {
    if (stopping) return;
    const host = index % hosts;
    const home = join(folder, `worker-${index}`);
    mkdirSync(home, { recursive: true });
    const log = openSync(join(home, 'log'), 'a');
    const address = ['--url', `http://127.0.0.1:${networks[host]!.port}`];
    const name = ['--name', `host-${host}-${index}`, '--slots', String(slotsPerWorker)];
    const worker = spawn(process.execPath, [command, 'worker', ...address, ...name], {
      cwd: home,
      stdio: ['ignore', log, log],
      env: { ...process.env, FLEETUNE_TOKEN: token },
    });
    closeSync(log);
    workers.set(index, worker);
    worker.once('exit', (code, signal) => {
      appendFileSync(join(home, 'log'), `exited: ${signal ?? code}\n`);
      void setTimeout(RESTART_MS).then(() => startWorker(index));
    });
  }

  for (let index = 0; index < hosts * workersPerHost; index += 1) startWorker(index);
  return {
    url,
    token,
    workers: hosts * workersPerHost,
    slots: hosts * workersPerHost * slotsPerWorker,
    killWorker: (index) => void workers.get(index)?.kill('SIGKILL'),
    async killCoordinator() {
      coordinator.child.kill('SIGKILL');
      await once(coordinator.child, 'exit');
      coordinator = await serveProcess(folder, port);
    },
    async cutHost(index, ms) {
      networks[index]!.cut();
      await setTimeout(ms);
      networks[index]!.heal();
    },
    async stop() {
      stopping = true;
      const children = [...workers.values(), coordinator.child];
      const running = children.filter(
        ({ exitCode, signalCode }) => (exitCode ?? signalCode) === null,
      );
      const exits = running.map((child) => once(child, 'exit'));
      for (const child of running) child.kill('SIGKILL');
      await Promise.all(exits);
      for (const network of networks) network.close();
    },
  };
}
