import type { WorkerAction } from '../commands/control.ts';
import { jsonOption, placeOptions, reachOptions, reasonOption, type Page } from './page.ts';

const options = [reasonOption, ...placeOptions, jsonOption] as const;

const page = (action: WorkerAction, summary: string, text: string, example: string): Page => ({
  name: `worker ${action}`,
  operands: 'WORKER',
  summary,
  text: [text, 'WORKER is a name as "fleetune worker list" prints it.'],
  options,
  example: [example],
  load: async () => (await import('../commands/control.ts')).controlWorker(action),
});

export const workerPages: readonly Page[] = [
  {
    name: 'worker',
    operands: '',
    summary: 'run trials for a coordinator on another machine',
    text: [
      'Joins the coordinator ("fleetune serve") at URL with a number of slots, and runs the trials of its studies, ' +
        'one per slot, until it is told to leave. Workers may come and go at any time. The ' +
        "program, its data and its packages have to be on this machine; a study's setup runs here " +
        'before its first trial.',
      'Any of SIGINT (Ctrl-C), SIGTERM, SIGHUP, SIGUSR1 and SIGUSR2 drains: running trials are ' +
        'told to stop, keep their checkpoints and go back to the front of the queue, and the worker ' +
        'leaves with exit code 0. A second Ctrl-C ends them at once.',
      'While the coordinator does not answer, trials go on and their results wait on disk. After ' +
        'the death timeout the worker gives up, so that the machine is free.',
      'The token is read from a file or from the variable FLEETUNE_TOKEN, never from the command ' +
        'line, which every user of the machine can read.',
    ],
    options: [
      ['--url <URL>', 'where the coordinator answers, such as http://head:7077'],
      ['--slots <N>', 'trials at the same time; default: the number of CPUs'],
      ...reachOptions,
      ['--name <NAME>', 'its name in lists and logs; default: host name and a random part'],
      ['--death-timeout <DURATION>', 'give up when unanswered for so long; default: 10m'],
      ['--walltime <DURATION>', 'time left of the allocation; default: as Slurm says, or no end'],
      ['--files <DIR>', "for the trials' files, when the coordinator's folder is not on this host"],
      ['--cwd <DIR>', "the study's folder, when it has another name on this host"],
    ],
    example: ['fleetune worker --url http://head:7077 --token-file token --slots 8'],
    exitCodes: [
      [0, 'left in order: drained, or dismissed by the coordinator'],
      [2, 'bad input, or the coordinator refuses: token, version, name'],
      [3, 'the coordinator has not answered for too long, or the environment'],
    ],
    load: async () => (await import('../commands/worker.ts')).worker,
  },
  {
    name: 'worker list',
    operands: '',
    summary: 'the workers that are there',
    text: ['Prints one line per worker: its host, its slots, what it runs, and what it waits for.'],
    options: [...placeOptions, jsonOption],
    example: ['fleetune worker list --on http://head:7077'],
    load: async () => (await import('../commands/worker-list.ts')).workerList,
  },
  page(
    'pause',
    'give a worker no new trials until "worker resume"',
    'Running trials go on. For a machine that someone else needs for a while.',
    'fleetune worker pause gpu3-k2x --on http://head:7077',
  ),
  page(
    'resume',
    'give a paused or quarantined worker trials again',
    'A worker that failed several trials in a row is put into quarantine: resume it once its ' +
      'machine is in order.',
    'fleetune worker resume gpu3-k2x --on http://head:7077',
  ),
  page(
    'checkpoint',
    'ask the trials of a worker to write a checkpoint now',
    'They go on; see "fleetune trial checkpoint".',
    'fleetune worker checkpoint gpu3-k2x --on http://head:7077',
  ),
  page(
    'drain',
    'have a worker give its trials back and leave',
    'Running trials are told to stop, keep their checkpoints and go back to the front of the ' +
      'queue; then the worker process ends with exit code 0.',
    'fleetune worker drain gpu3-k2x --on http://head:7077',
  ),
  page(
    'stop',
    'have a worker leave at once',
    'Its trials are ended without time to save anything, and go back to the queue.',
    'fleetune worker stop gpu3-k2x --on http://head:7077',
  ),
];
