import type { EtcdMemberReport, EtcdReport } from '../../findings/etcd-report.ts';

/** etcdctl writes ids in hexadecimal; what is no id is left out. */
export const idText = (id: string): string =>
  /^\d{1,20}$/.test(id) ? BigInt(id).toString(16) : '';

const leaderOf = (cluster: EtcdReport): EtcdMemberReport | undefined =>
  cluster.members.find((m) => m.role === 'leader');

const urlOf = (member: EtcdMemberReport | undefined): string =>
  member?.state.info.clientUrls[0] ?? '';

/** What stands for itself in a command about a member that is to be run elsewhere. */
export const memberFacts = (
  cluster: EtcdReport,
  member: EtcdMemberReport,
): Readonly<Record<string, string>> => ({
  url: urlOf(member),
  leaderUrl: urlOf(leaderOf(cluster)),
  memberId: idText(member.state.info.id || (member.state.status?.memberId ?? '')),
  revision: member.state.status === null ? '' : String(member.state.status.revision),
});
