import { isIPv4 } from 'node:net';
import { addressKey } from '../../platform/rate-limit/index.js';

/**
 * The network of an address: enough to know a place again, not a household. An IPv4 /24, an IPv6 /48 (what an
 * organisation is given, RFC 6177), or nothing for what is no address.
 */
export function addressPrefix(address: string): string {
  const key = addressKey(address);
  if (isIPv4(key)) return key.replace(/\.\d+$/, '.0/24');
  const network = /^([\da-f]+:[\da-f]+:[\da-f]+):[\da-f]+::\/64$/.exec(key)?.[1];
  return network === undefined ? '' : `${network}::/48`;
}
