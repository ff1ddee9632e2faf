export { errorTable, type ErrorCode, type ErrorData } from './table.ts';
export {
  FleetuneError,
  assert,
  errorInfo,
  fail,
  render,
  type ErrorInfo,
} from './fleetune-error.ts';
