import { seam, type TroubleListener } from '../trouble.ts';

/** From now on, until it is called with nothing. */
export function listenForTrouble(to: TroubleListener | undefined): void {
  seam.listener = to;
}
