import { domains, type NovaApi } from './generated/api.js';
import { bindDomain } from './methods.js';
import { createTransport, type Transport, type TransportOptions } from './transport.js';

/** Every operation of Nova, by domain. */
export interface Nova extends NovaApi {
  readonly transport: Transport;
}

export type NovaOptions = TransportOptions;

/** A client with everything. For a bundle with a few operations only, see `createTransport` and `bindOperation`. */
export function createNova(options: NovaOptions): Nova {
  const transport = createTransport(options);
  return { ...bindApi(transport), transport };
}

function bindApi(transport: Transport): NovaApi {
  const bound = Object.entries(domains).map(([name, operations]) => [name, bindDomain(transport, operations)]);
  return Object.fromEntries(bound) as {
    [K in keyof typeof domains]: ReturnType<typeof bindDomain<(typeof domains)[K]>>;
  };
}
