import { FleetuneError, fail, newGapHistogram } from '@fleetune/core';
import { openApiDocument, type OpenApiDocument } from '@fleetune/protocol';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { Check, Compile, Errors, type Validator } from 'typebox/schema';
import type { Access } from '../auth/access.ts';
import type { Coordinator } from '../coordinator.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { apiHandlers } from './api-handlers.ts';
import { requireToken } from './authentication.ts';
import { answerBrokenRequests } from './broken-request.ts';
import { readCertificate, type CertificateFiles } from './certificate.ts';
import { errorInfoOf } from './error-info.ts';
import type { Handlers } from './handlers.ts';
import { LIMITS, type Limits } from './limits.ts';
import { methodsAt, registerRoutes } from './register-routes.ts';
import type { SubmissionOptions } from './submissions.ts';

export interface HttpServer {
  url: string;
  close(): Promise<void>;
}

export interface HttpOptions {
  /** Every request needs a token, on loopback too. */
  access: Access;
  host: string;
  /** 0: any free one. */
  port: number;
  /** Said in the document and by `/health`. */
  version: string;
  /** Absent: plain HTTP. */
  certificate?: CertificateFiles;
  /** Absent: nobody submits studies here; the process runs its own. */
  submissions?: SubmissionOptions;
  /** Other than the usual ones. */
  limits?: Partial<Limits>;
}

/** Serves the coordinator. Throws `auth.no-token`, `server.certificate` and `server.address`. */
export async function serveHttp(
  coordinator: Coordinator,
  options: HttpOptions,
): Promise<HttpServer> {
  const { access, host, port, version } = options;
  if (access.empty) throw fail('auth.no-token', host, {});
  const server = newServer({ ...LIMITS, ...options.limits }, options.certificate);
  requireToken(server, access);
  const exchangeTimes = newGapHistogram();
  const metrics = createMetrics(coordinator, exchangeTimes);
  let document: OpenApiDocument | undefined;
  const handlers: Handlers = {
    ...apiHandlers(coordinator, options.submissions, exchangeTimes),
    openApi: () => (document ??= openApiDocument(version)),
    health: () => ({ ok: true, version }),
    metrics: (_, { reply }) => {
      void reply.type('text/plain; version=0.0.4; charset=utf-8').serializer(String);
      return metrics.text();
    },
  };
  registerRoutes(server, handlers);
  try {
    const url = await server.listen({ host, port });
    return { url, close: () => server.close() };
  } catch (cause) {
    await server.close();
    if (cause instanceof FleetuneError) throw cause;
    const problem = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw fail('server.address', `${host}:${port}`, { problem }, { cause });
  }
}

function newServer(limits: Limits, certificate: CertificateFiles | undefined): FastifyInstance {
  const raw = {
    maxHeaderSize: limits.headerBytes,
    connectionsCheckingInterval: limits.timeoutCheckMs,
  };
  const server = Fastify({
    bodyLimit: limits.bodyBytes,
    forceCloseConnections: true,
    // The document has none, and a HEAD of the events would never end.
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: limits.paramCharacters },
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveMs,
    ...(certificate ? { https: { ...raw, ...readCertificate(certificate) } } : { http: raw }),
    frameworkErrors: (error, _request, reply) => refuse(reply as FastifyReply, error),
    schemaController: { compilersFactory: { buildValidator: unasked, buildSerializer: unasked } },
  }) as unknown as FastifyInstance;
  server.setValidatorCompiler<TSchema>(({ schema }) => validator(schema));
  // As fast on an exchange as a serialiser that is compiled from its schema.
  server.setSerializerCompiler(() => JSON.stringify);
  server.removeContentTypeParser('text/plain');
  server.setErrorHandler((error, request, reply) => {
    // A body is read before anybody sees that nothing takes it.
    if (request.is404 && !(error instanceof FleetuneError)) return refuseRoute(request, reply);
    return refuse(reply, error);
  });
  server.setNotFoundHandler(refuseRoute);
  server.server.headersTimeout = limits.headersTimeoutMs;
  server.server.maxConnections = limits.connections;
  answerBrokenRequests(server.server);
  return server;
}

/** Our own compilers are set; unless it has others from its beginning, Fastify loads those that it would have chosen. */
function unasked(): never {
  throw new Error('Fastify asked for a compiler that has been set');
}

/**
 * Nothing is converted: schemas of paths and queries are of text. Somebody waits for the first answer of a coordinator:
 * a schema is compiled when it is needed a second time.
 */
function validator(schema: TSchema) {
  let needed = 0;
  let compiled: Validator | undefined;
  const isValid = (value: unknown): boolean => {
    needed += 1;
    return needed === 1 ? Check(schema, value) : (compiled ??= Compile(schema)).Check(value);
  };
  return (value: unknown) => (isValid(value) ? { value } : { error: Errors(schema, value)[1] });
}

function refuseRoute({ method, url }: FastifyRequest, reply: FastifyReply): void {
  const route = `${method} ${url}`;
  const allowed = methodsAt(url).join(', ');
  if (allowed === '') return refuse(reply, fail('request.route', '', { route }));
  void reply.header('Allow', allowed);
  return refuse(reply, fail('request.method', '', { route, allowed }));
}

function refuse(reply: FastifyReply, error: unknown): void {
  const { status, info } = errorInfoOf(error);
  void reply.status(status).send(info);
}
