/**
 * node:http, as `require` gives it. Imported as a module it would fill in all of its exports, two of which make Node
 * load its whole fetch: some 20 ms of every process's start.
 */
export const http = process.getBuiltinModule('node:http');
