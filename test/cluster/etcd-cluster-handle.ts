import {
  type EtcdCredentials,
  type EtcdGateway,
  type EtcdObject,
  putBody,
  rangeBody,
  rangeValue,
} from './etcd-cluster-gateway.ts';
import {
  type EtcdMember,
  type InitialState,
  type MemberStart,
  newMember,
} from './etcd-cluster-member.ts';
import type { Roster, StartUntil } from './etcd-cluster-roster.ts';
import { restoreMember, saveSnapshot } from './etcd-cluster-snapshot.ts';
import {
  alarms,
  compact,
  defragment,
  disarm,
  type EtcdAlarm,
  fillUntilNoSpace,
  quotaObstacle,
} from './etcd-cluster-space.ts';
import type { Run } from './run-dir.ts';
import { waitFor } from './wait.ts';

export interface StartOptions {
  /** Default `serving`. */
  readonly until?: StartUntil;
  /** What an empty member takes itself for; default what it was at first. */
  readonly state?: InitialState;
}

/**
 * A running etcd cluster. Members go by their number, 0 and up. Operations without a number ask a member
 * that runs and is not frozen; whatever needs a quorum fails where there is none.
 */
export interface EtcdCluster {
  readonly run: Run;
  /** Such as `3.6.8`. */
  readonly version: string;
  readonly members: readonly EtcdMember[];
  readonly endpoints: readonly string[];
  readonly metricsUrls: readonly string[];
  /** Decimal, as the gateway writes them: they do not fit into a number. */
  readonly memberIds: readonly string[];
  /** Paths of the PEM files of a client that etcd trusts. */
  readonly credentials: Required<EtcdCredentials>;
  /** A CA that did not sign etcd's certificate, and a client that etcd does not trust. */
  readonly stranger: Required<EtcdCredentials>;
  readonly gateway: (index: number) => EtcdGateway;
  readonly status: (index: number, signal?: AbortSignal) => Promise<EtcdObject>;
  /** Number of the member that says it leads; undefined when none does. */
  readonly leader: (signal?: AbortSignal) => Promise<number | undefined>;
  readonly put: (key: string, value: string, signal?: AbortSignal) => Promise<void>;
  readonly get: (key: string, signal?: AbortSignal) => Promise<string | undefined>;
  readonly alarms: (signal?: AbortSignal) => Promise<readonly EtcdAlarm[]>;
  /** SIGKILL, as a crash. Waits until it is gone. */
  readonly kill: (index: number) => Promise<void>;
  /** @throws with the end of its log when it ends instead, or does not serve within 30 s. */
  readonly start: (index: number, options?: StartOptions, signal?: AbortSignal) => Promise<void>;
  /** Frozen: connections stay open and nothing answers. */
  readonly pause: (index: number) => Promise<void>;
  readonly resume: (index: number) => void;
  /** Empties the data directory of a member that has been killed. */
  readonly wipe: (index: number) => void;
  /** @returns the number of the new member, which runs and serves. */
  readonly addLearner: (name: string, signal?: AbortSignal) => Promise<number>;
  readonly moveLeader: (to: number, signal?: AbortSignal) => Promise<void>;
  /** Needs a small `quotaBytes`. @returns how many puts were accepted before etcd refused. */
  readonly fillUntilNoSpace: (signal?: AbortSignal) => Promise<number>;
  /** Followers first, the leader last. Does not take back the alarm. */
  readonly compactAndDefrag: (signal?: AbortSignal) => Promise<void>;
  /** @returns the alarms that were raised. */
  readonly disarm: (signal?: AbortSignal) => Promise<readonly EtcdAlarm[]>;
  /** @returns its size in bytes. */
  readonly snapshotSave: (path: string, signal?: AbortSignal) => Promise<number>;
  /** Path of what restores snapshots; undefined where there is none. */
  readonly etcdutl: string | undefined;
  /** Kills all, and starts the founders anew from the snapshot, as another cluster with other ids. */
  readonly restore: (path: string, signal?: AbortSignal) => Promise<void>;
  /** The last lines of a member's log. */
  readonly logTail: (index: number, lines?: number) => string;
  readonly stop: () => Promise<void>;
}

export interface EtcdHandleParts {
  readonly run: Run;
  readonly end: () => Promise<void>;
  /** The founders, all of them serving. */
  readonly roster: Roster;
  readonly how: Omit<MemberStart, 'peers'>;
  readonly credentials: Required<EtcdCredentials>;
  readonly stranger: Required<EtcdCredentials>;
  readonly etcdutl: string | undefined;
}

const STATUS = '/v3/maintenance/status';
const SNAPSHOT_TIMEOUT_MS = 60_000;

export const etcdHandle = async (
  { run, end, roster, how, credentials, stranger, etcdutl }: EtcdHandleParts,
  signal?: AbortSignal,
): Promise<EtcdCluster> => {
  const { members, gateway } = roster;
  const founders = members.length;
  let { token } = how;
  let restores = 0;
  let ids: string[] = [];

  const status = (index: number, by?: AbortSignal): Promise<EtcdObject> =>
    gateway(index).call(STATUS, {}, by ?? AbortSignal.timeout(2_000));
  const readIds = async (by?: AbortSignal): Promise<void> => {
    const answers = await Promise.all(members.map((_, index) => status(index, by)));
    ids = answers.map(({ header }) => String(header.member_id));
  };
  const any = (): EtcdGateway => {
    const [first] = roster.awake();
    if (first === undefined) throw new Error('no member of the cluster runs');
    return gateway(first);
  };
  const leader = async (by?: AbortSignal): Promise<number | undefined> => {
    const answers = await Promise.all(
      roster.awake().map(async (index) => {
        const answer = await status(index, by).catch(() => undefined);
        const leads = answer !== undefined && answer.leader === answer.header.member_id;
        return leads ? [{ index, term: BigInt(answer.raftTerm) }] : [];
      }),
    );
    // One that was frozen or cut off may still believe in an older term.
    return answers.flat().toSorted((a, b) => (a.term < b.term ? 1 : -1))[0]?.index;
  };
  const start = (index: number, { until = 'serving', state }: StartOptions, by?: AbortSignal) => {
    const first: InitialState = index < founders ? how.state : 'existing';
    return roster.start(index, { ...how, token, state: state ?? first }, until, by);
  };

  await readIds(signal);
  return {
    run,
    version: how.binary.version,
    members,
    get endpoints() {
      return members.map(({ clientUrl }) => clientUrl);
    },
    get metricsUrls() {
      return members.map(({ metricsUrl }) => metricsUrl);
    },
    get memberIds() {
      return ids;
    },
    credentials,
    stranger,
    gateway,
    status,
    leader,
    put: async (key, value, by) => {
      await any().call('/v3/kv/put', putBody(key, value), by);
    },
    get: async (key, by) => rangeValue(await any().call('/v3/kv/range', rangeBody(key), by)),
    alarms: (by) => alarms(any(), by),
    kill: roster.kill,
    start: (index, options = {}, by) => start(index, options, by),
    pause: roster.pause,
    resume: roster.resume,
    wipe: roster.emptyData,
    addLearner: async (name, by) => {
      const added = await newMember(run, name);
      const body = { peerURLs: [added.peerUrl], isLearner: true };
      // etcd refuses until it has been connected to every member for five seconds.
      const { member } = await waitFor(
        { until: `${name} may be added`, timeoutMs: 20_000, everyMs: 500 },
        () => any().call('/v3/cluster/member/add', body, by),
        by,
      );
      const index = roster.add(added);
      ids = [...ids, String(member.ID)];
      await start(index, {}, by);
      return index;
    },
    moveLeader: async (to, by) => {
      const from = await leader(by);
      if (from === undefined) throw new Error('there is no leader to move from');
      const targetID = ids[to];
      await gateway(from).call('/v3/maintenance/transfer-leadership', { targetID }, by);
      await waitFor(
        { until: `member ${to} leads`, timeoutMs: 10_000, everyMs: 50 },
        async () => (await leader(by)) === to,
        by,
      );
    },
    fillUntilNoSpace: async (by) => {
      const obstacle = quotaObstacle(how.quotaBytes);
      if (obstacle !== undefined || how.quotaBytes === undefined) throw new Error(obstacle);
      return fillUntilNoSpace(any(), how.quotaBytes, by);
    },
    compactAndDefrag: async (by) => {
      await compact(any(), by);
      const last = await leader(by);
      const first = roster.awake().filter((index) => index !== last);
      for (const index of last === undefined ? first : [...first, last]) {
        await defragment(gateway(index), by);
      }
    },
    disarm: (by) => disarm(any(), by),
    snapshotSave: (path, by) =>
      saveSnapshot(any(), path, by ?? AbortSignal.timeout(SNAPSHOT_TIMEOUT_MS)),
    etcdutl,
    restore: async (path, by) => {
      if (!etcdutl) throw new Error('no etcdutl here: build it with "npm run cluster ensure"');
      await Promise.all(members.map((_, index) => roster.kill(index)));
      await roster.truncate(founders);
      restores += 1;
      token = `${how.token}-restored-${restores}`;
      const order = { etcdutl, snapshot: path, peers: members, token };
      for (const [index, member] of members.entries()) {
        roster.removeData(index);
        await restoreMember(member, order, by);
      }
      await Promise.all(members.map((_, index) => start(index, {}, by)));
      await readIds(by);
    },
    logTail: roster.logTail,
    stop: async () => {
      await roster.close();
      await end();
    },
  };
};
