import { BlockList, isIPv6 } from 'node:net';

/** Addresses that no picture is fetched from: this machine, its networks, and what is no single host (RFC 6890). */
const SUBNETS: readonly (readonly [string, number])[] = [
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
  ['224.0.0.0', 3],
];
/** Of IPv6 only what is routed in public is fetched from; these lie within it and lead elsewhere. */
const PUBLIC = ['2000::', 3] as const;
const WITHIN: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16], // holds IPv4 addresses of its own
  ['3fff::', 20],
];

/** @param address as a resolver gives it */
export function isPrivateAddress(address: string): boolean {
  if (!isIPv6(address)) return listOf(SUBNETS, 'ipv4').check(address, 'ipv4');
  const isPublic = listOf([PUBLIC], 'ipv6').check(address, 'ipv6');
  return !isPublic || listOf(WITHIN, 'ipv6').check(address, 'ipv6');
}

function listOf(subnets: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6') {
  const list = new BlockList();
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, family);
  return list;
}
