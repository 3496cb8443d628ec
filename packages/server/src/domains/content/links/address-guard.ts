import { lookup as systemLookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** Not of the internet: IANA's registries of special-purpose addresses, multicast and what is reserved. */
const INTERNAL_V4 = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  INTERNAL_V4.addSubnet(network, prefix, 'ipv4');
}

/** Global unicast is all that may be reached: loopback, ULA, link-local, mapped and translated IPv4 lie outside. */
const GLOBAL_V6 = new BlockList();
GLOBAL_V6.addSubnet('2000::', 3, 'ipv6');
/** Of it, what is for protocols, documentation, or leads to an IPv4 address. */
const SPECIAL_V6 = new BlockList();
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  SPECIAL_V6.addSubnet(network, prefix, 'ipv6');
}

/** Whether an address in text form is one of the internet. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !INTERNAL_V4.check(address, 'ipv4');
    case 6:
      // With a zone it is of one link.
      return !address.includes('%') && GLOBAL_V6.check(address, 'ipv6') && !SPECIAL_V6.check(address, 'ipv6');
    default:
      return false;
  }
}

/** Every address of a host name. */
export type Lookup = (host: string) => Promise<readonly string[]>;

export const systemAddresses: Lookup = async (host) =>
  (await systemLookup(host, { all: true, verbatim: true })).map(({ address }) => address);

export interface GuardOptions {
  readonly lookup: Lookup;
  /** `address:port` pairs that may be reached although they are not of the internet: for tests, and proxies. */
  readonly allowed: readonly string[];
}

const PORTS = new Set(['', '80', '443']);

/**
 * The address to connect to for a URL: looked up once, here, and never again, so that a name cannot lead elsewhere
 * between the check and the connection. Refused when any of its addresses is internal, and for ports other than those
 * of the web.
 * @returns null when it must not be reached
 */
export async function checkedAddress(url: URL, { lookup, allowed }: GuardOptions): Promise<string | null> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIP(host) === 0 ? await lookup(host) : [host];
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const mayReach = (address: string): boolean =>
    allowed.includes(`${address}:${port}`) || (PORTS.has(url.port) && isPublicAddress(address));
  const [first] = addresses;
  return first !== undefined && addresses.every(mayReach) ? first : null;
}
