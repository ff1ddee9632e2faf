export { schedulerContract, type ContractCase } from './scheduler/testing/scheduler-contract.ts';
