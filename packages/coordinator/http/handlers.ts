import type { Operation, OperationAnswer, OperationInput } from '@fleetune/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What answers an operation. A stream writes to the reply itself and answers nothing. */
export type Handler<O extends Operation> = (
  input: OperationInput<O>,
  exchange: { request: FastifyRequest; reply: FastifyReply },
) => OperationAnswer<O> | Promise<OperationAnswer<O>> | (O extends 'studyEvents' ? void : never);

export type Handlers<O extends Operation = Operation> = { [K in O]: Handler<K> };
