import { Type } from 'typebox';
import { EventMessage, StudySummary } from '../resources.ts';
import { StudyStatusView } from '../study-status.ts';
import {
  Because,
  Done,
  StudyName,
  StudyPath,
  WholeNumber,
  storeErrors,
  type Route,
} from './route.ts';

const tag = 'studies';
const missing = ['study.not-found'] as const;
const live = [...missing, 'study.not-running', ...storeErrors] as const;

const control = { method: 'POST', tag, params: StudyPath, body: Because, answer: Done } as const;

export const studyRoutes = {
  listStudies: {
    method: 'GET',
    path: '/studies',
    tag,
    summary: 'All studies of the database.',
    answer: Type.Array(StudySummary),
    errors: [],
  },
  submitStudy: {
    method: 'POST',
    path: '/studies',
    tag,
    summary: 'Creates a study, or takes up the stored one of that name, and runs it.',
    description:
      'Trials go to the workers that are there or come later. Of a study that runs, what changed ' +
      'in its file counts at once. A study without `command` runs ' +
      'nothing by itself: ask for its trials.',
    body: Type.Object({
      file: Type.Optional(
        Type.Object(
          {},
          {
            additionalProperties: true,
            description: 'The keys of the study file, as docs/study-file.md has them.',
          },
        ),
      ),
      name: Type.Optional(
        Type.Unsafe<string>({
          ...StudyName,
          description: 'Instead of a file: a study that is there, as it is.',
        }),
      ),
      run: Type.Optional(
        Type.Boolean({ description: 'False: only takes up what changed. Default: true.' }),
      ),
      cwd: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 4096,
          description:
            'The folder that the command and relative paths start from, on the workers. Default: the server’s.',
        }),
      ),
      seed: Type.Optional(
        Type.Integer({ minimum: 0, description: 'For a file without one. Default: a new one.' }),
      ),
      slots: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 1_000_000,
          description: 'At most so many trials at a time. Default: as many as the workers take.',
        }),
      ),
      keepGoing: Type.Optional(
        Type.Boolean({ description: 'Also when the first three attempts all crash.' }),
      ),
    }),
    example: {
      file: {
        name: 'parabola',
        objective: { metric: 'loss', direction: 'minimize' },
        space: { x: { type: 'float', low: -1, high: 1 } },
        budget: { trials: 20 },
      },
    },
    answer: Type.Object({
      name: Type.String(),
      state: Type.Enum(['running', 'ended']),
      created: Type.Boolean({ description: 'It was not there before.' }),
      changed: Type.Array(Type.String(), {
        description: 'Keys of the study file that count from now on, of a study that was there.',
      }),
    }),
    errors: [
      'input.missing',
      'input.type',
      'input.value',
      'input.choice',
      'input.unknown-key',
      'input.not-yet',
      'space.unsatisfiable',
      'constraint.syntax',
      'command.conditional',
      'study.not-found',
      'study.other-objective',
      'study.other-parameter',
      'study.parameter-removed',
      'study.parameter-added',
      'study.slots-fixed',
      'study.running',
      'request.embedded',
      ...storeErrors,
    ],
  },
  studyStatus: {
    method: 'GET',
    path: '/studies/{name}',
    tag,
    summary: 'What is known of the study now.',
    params: StudyPath,
    answer: StudyStatusView,
    errors: missing,
  },
  pauseStudy: {
    ...control,
    path: '/studies/{name}/pause',
    summary: 'Starts no new trials; running ones go on, and the time budget stands still.',
    errors: live,
  },
  resumeStudy: {
    ...control,
    path: '/studies/{name}/resume',
    summary: 'Ends a pause.',
    errors: live,
  },
  drainStudy: {
    ...control,
    path: '/studies/{name}/drain',
    summary: 'Ends the run: running trials go back to the front of the queue.',
    errors: live,
  },
  stopStudy: {
    ...control,
    path: '/studies/{name}/stop',
    summary: 'Ends the run: running trials are told to stop, and keep their value so far.',
    errors: live,
  },
  deleteStudy: {
    method: 'DELETE',
    path: '/studies/{name}',
    tag,
    summary: 'Deletes the log and the tables of a study that does not run.',
    params: StudyPath,
    answer: Done,
    errors: [...missing, 'study.running', ...storeErrors],
  },
  studyEvents: {
    method: 'GET',
    path: '/studies/{name}/events',
    tag,
    summary: 'The log as server-sent events: first what the reader lacks, then what happens.',
    description: 'The header `Last-Event-ID` does the same as `after`.',
    params: StudyPath,
    query: Type.Object({ after: Type.Optional(WholeNumber) }),
    answer: EventMessage,
    media: 'text/event-stream',
    errors: missing,
  },
} as const satisfies Record<string, Route>;
