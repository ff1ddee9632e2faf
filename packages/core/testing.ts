export { schedulerContract, type ContractCase } from './scheduler/testing/scheduler-contract.ts';
export { samplerContract } from './sampler/testing/sampler-contract.ts';
