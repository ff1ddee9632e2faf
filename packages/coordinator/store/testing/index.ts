export { mayMakeDisks, mount, unmount } from './disks.ts';
export { sampleAppend, sampleEvent, sampleOwner, sampleSpec, sampleTrial } from './samples.ts';
export { storeContract, type StorePlace } from './store-contract.ts';
