import { isIPv4, isIPv6 } from 'node:net';

/**
 * What counts as one caller among network addresses: an IPv4 address, or an IPv6 /64, the smallest network that
 * is handed out (RFC 6177), whose 2^64 addresses its holder may use freely.
 */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(.+)$/i.exec(address)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  const [bare = ''] = address.split('%');
  return isIPv6(bare) ? `${firstGroups(bare).join(':')}::/64` : address;
}

/** The first four of the eight groups, with `::` filled in. */
function firstGroups(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  // A dotted quad at the end stands for two groups.
  const given = before.length + after.length + (after.at(-1)?.includes('.') ? 1 : 0);
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - given }, () => '0');
  return [...before, ...zeros, ...after].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
}
