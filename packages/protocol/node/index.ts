export { httpConnection, type HttpConnection } from './http-connection.ts';
export { httpLink } from './http-link.ts';
export { studyClient, type CallOptions, type StudyClient } from './study-client.ts';
