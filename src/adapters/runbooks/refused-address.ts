import { BlockList, isIP } from 'node:net';

const reach = (): { readonly never: BlockList; readonly own: BlockList } => {
  const never = new BlockList();
  // Metadata of clouds, this network, multicast and the rest of what is no server.
  never.addSubnet('0.0.0.0', 8, 'ipv4');
  never.addSubnet('169.254.0.0', 16, 'ipv4');
  never.addSubnet('224.0.0.0', 3, 'ipv4');
  never.addAddress('100.100.100.200', 'ipv4');
  never.addAddress('192.0.0.192', 'ipv4');
  never.addAddress('::', 'ipv6');
  never.addAddress('fd00:ec2::254', 'ipv6');
  never.addSubnet('fe80::', 10, 'ipv6');
  never.addSubnet('ff00::', 8, 'ipv6');
  const own = new BlockList();
  own.addSubnet('127.0.0.0', 8, 'ipv4');
  own.addAddress('::1', 'ipv6');
  return { never, own };
};

const { never, own } = reach();

const isOwnName = (host: string): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);

/**
 * Why a host that is allowed by name must not be reached at an address, or null. A name may be made to point anywhere:
 * at the metadata of a cloud, or at a service of this machine.
 */
export const refusedAddress = (host: string, address: string): string | null => {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0) return `${host} has no address`;
  if (never.check(address, family)) return `${host} leads to ${address}, which is no web server`;
  return own.check(address, family) && !isOwnName(host) ? `${host} leads to this machine` : null;
};
