import { httpConnection, type HttpConnection } from '@fleetune/protocol/node';

/** Where a coordinator answers, and what it wants to hear first. */
export interface Address {
  url: string;
  token: string;
  /** The certificate, as PEM, that vouches for the coordinator's own. */
  ca?: string;
}

/** Where studies are: in a file, or with a coordinator that answers elsewhere. */
export type Place = { database: string } | { on: Address };

export function connect({ url, token, ca }: Address): HttpConnection {
  return httpConnection(url, token, ca === undefined ? {} : { ca });
}
