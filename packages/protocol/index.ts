export * from './exchange.ts';
export * from './resources.ts';
