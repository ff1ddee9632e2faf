export * from './exchange.ts';
export * from './resources.ts';
export {
  PREFIX,
  routes,
  type Operation,
  type OperationAnswer,
  type OperationInput,
} from './routes/routes.ts';
export { errorsOf, isWholeNumber, type Route } from './routes/route.ts';
export { openApiDocument, type OpenApiDocument } from './open-api.ts';
