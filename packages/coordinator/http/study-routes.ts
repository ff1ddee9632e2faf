import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  EnqueueRequest,
  EnqueueResponse,
  ErrorResponse,
  StatusResponse,
  StopRequest,
  StudyPath,
  TrialPath,
} from '@fleetune/protocol';
import type { Coordinator } from '../coordinator.ts';

export function studyRoutes(coordinator: Coordinator): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.get(
      '/studies/:name',
      { schema: { params: StudyPath, response: { 200: StatusResponse, '4xx': ErrorResponse } } },
      (request) => coordinator.status(coordinator.host(request.params.name)),
    );
    server.post(
      '/studies/:name/trials',
      {
        schema: {
          params: StudyPath,
          body: EnqueueRequest,
          response: { 200: EnqueueResponse, '4xx': ErrorResponse },
        },
      },
      async (request) => ({
        trial: await coordinator.enqueue(
          coordinator.host(request.params.name),
          request.body.params,
        ),
      }),
    );
    server.post(
      '/studies/:name/trials/:trial/stop',
      {
        schema: {
          params: TrialPath,
          body: StopRequest,
          response: { 200: Type.Object({}), '4xx': ErrorResponse },
        },
      },
      async (request) => {
        const { name, trial } = request.params;
        await coordinator.stopTrial(coordinator.host(name), Number(trial), request.body.reason);
        return {};
      },
    );
    server.post(
      '/studies/:name/stop',
      {
        schema: {
          params: StudyPath,
          body: StopRequest,
          response: { 200: Type.Object({}), '4xx': ErrorResponse },
        },
      },
      async (request) => {
        await coordinator.stopStudy(coordinator.host(request.params.name), request.body.reason);
        return {};
      },
    );
  };
}
