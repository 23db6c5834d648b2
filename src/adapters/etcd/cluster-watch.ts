import { absurd } from '../../kernel/absurd.ts';
import type { Clock, Random } from '../../kernel/clock.ts';
import type { EtcdData } from '../../kernel/etcd-fact.ts';
import type { Signal } from '../../kernel/fact.ts';
import { type Failure, ok, type Result } from '../../kernel/failure.ts';
import { noTls, type SourceTls } from '../../kernel/source-target.ts';
import type { HttpSource } from '../http/http-source.ts';
import { jittered, membersEvery } from './cadence.ts';
import type { FoundMember } from './etcd-pod.ts';
import type { ListedMember } from './gateway-answer.ts';
import { type MemberSaid, MemberWatch } from './member-watch.ts';
import type { KnownCluster } from './pod-groups.ts';
import { type Roster, type RosterMember, rosterOf } from './roster.ts';
import { homeOf, type LastAnswer, spokesmen } from './spokesmen.ts';

export type EtcdEmit = (signals: readonly Signal<EtcdData>[]) => void;

/** Where a member is asked, and with which certificates. */
export interface EtcdAddress {
  readonly url: string;
  readonly tls: SourceTls;
}

export interface ClusterWatchOptions {
  readonly name: string;
  readonly found: readonly FoundMember[];
  /** Certificates, chosen each time that a connection is to be opened. */
  readonly tls: () => Promise<Result<SourceTls>>;
  readonly open: (address: EtcdAddress) => HttpSource;
  readonly clock: Clock;
  readonly random: Random;
  readonly emit: EtcdEmit;
}

interface Running {
  readonly url: string | null;
  readonly scrape: string;
  readonly watch: MemberWatch;
  readonly stop: AbortController;
}

/** What a fact of a cluster may hold. */
const mostMembers = 200;
const mostProblems = 20;

/** The members of one cluster, each watched on its own, and who they are. */
export class ClusterWatch {
  readonly #options: ClusterWatchOptions;
  readonly #signal: AbortSignal;
  readonly #running = new Map<string, Running>();
  readonly #ended = new Set<Promise<void>>();
  readonly #answers = new Map<string, LastAnswer>();
  readonly #scopes = new Set<string>();
  readonly #heard = Promise.withResolvers<void>();
  #found: readonly FoundMember[];
  #listed: readonly ListedMember[] | null = null;
  #roster: Roster = { members: [], problems: [] };
  #told = '';
  #home = '';
  #spokesman: string | null = null;
  #wanting: Failure | null = null;

  constructor(options: ClusterWatchOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#found = options.found;
  }

  /** Runs until the signal aborts; then no timer and no connection is left. */
  async run(): Promise<void> {
    this.#refresh();
    const stop = (): void => this.#heard.resolve();
    this.#signal.addEventListener('abort', stop, { once: true });
    if (this.#signal.aborted) stop();
    await this.#list();
    while (this.#ended.size > 0) await Promise.all(this.#ended);
  }

  /** What people and pods say now of who the members are. */
  found(found: readonly FoundMember[]): void {
    this.#found = found;
    this.#refresh();
  }

  get known(): KnownCluster {
    const members = this.#roster.members.map(({ url, info }) => ({
      url: url ?? '',
      pod: info.pod,
    }));
    return { name: this.#options.name, members };
  }

  /** Whether a member is missing or does not answer. */
  get troubled(): boolean {
    return this.#roster.members.some(({ info }) => this.#answers.get(info.key)?.answers !== true);
  }

  /** Whether any member answers. */
  get answers(): boolean {
    return [...this.#answers.values()].some(({ answers }) => answers);
  }

  /**
   * Scopes of whom nothing new is to be expected: the members as a whole, which are told again only when they change,
   * and those that are no members any more.
   */
  get quiet(): readonly string[] {
    const gone = [...this.#scopes].filter((scope) => !this.#running.has(this.#keyIn(scope)));
    return [this.#options.name, ...gone];
  }

  /** Every scope of which something was told. */
  get scopes(): readonly string[] {
    return [this.#options.name, ...this.#scopes];
  }

  #scope(key: string): string {
    return `${this.#options.name}/${key}`;
  }

  #keyIn(scope: string): string {
    return scope.slice(this.#options.name.length + 1);
  }

  #refresh(): void {
    if (this.#signal.aborted) return;
    const ids = new Map(
      [...this.#answers].flatMap(([key, { clusterId, memberId }]) =>
        clusterId === this.#home ? [[key, memberId] as const] : [],
      ),
    );
    this.#roster = rosterOf({
      previous: this.#roster.members,
      found: this.#found,
      listed: this.#listed,
      ids,
    });
    this.#tell();
    this.#follow(this.#roster.members);
  }

  #tell(): void {
    const { name, emit } = this.#options;
    const wanting = this.#wanting === null ? [] : [this.#wanting];
    const members = this.#roster.members.slice(0, mostMembers).map(({ info }) => info);
    const problems = [...wanting, ...this.#roster.problems].slice(0, mostProblems);
    const told = JSON.stringify([members, problems]);
    if (told === this.#told) return;
    const first = this.#told === '';
    this.#told = told;
    const data: EtcdData = { kind: 'cluster', id: 'cluster', cluster: name, members, problems };
    emit([
      { kind: 'observed', scope: name, data },
      ...(first ? [{ kind: 'synced' as const, scope: name }] : []),
    ]);
  }

  #follow(members: readonly RosterMember[]): void {
    const wanted = new Map(members.map((member) => [member.info.key, member]));
    for (const [key, { url, scrape, stop }] of this.#running) {
      const member = wanted.get(key);
      if (member?.url === url && member.scrape.join(' ') === scrape) continue;
      stop.abort();
      this.#running.delete(key);
      if (member === undefined) this.#answers.delete(key);
    }
    for (const member of members) {
      // Whoever was never started has nothing to answer with.
      const started = member.url !== null || member.info.clientUrls.length > 0;
      if (started && !this.#running.has(member.info.key)) this.#start(member);
    }
  }

  #start(member: RosterMember): void {
    const { clock, random } = this.#options;
    const { key } = member.info;
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#signal, stop.signal]);
    const watch = new MemberWatch({
      member,
      clock,
      random,
      open: (url) => this.#open(url),
      said: (what) => {
        if (!signal.aborted) this.#said(key, what);
      },
    });
    this.#running.set(key, { url: member.url, scrape: member.scrape.join(' '), watch, stop });
    const ended = watch.run(signal).finally(() => this.#ended.delete(ended));
    this.#ended.add(ended);
  }

  async #open(url: string): Promise<Result<HttpSource>> {
    const { open, tls } = this.#options;
    if (!url.startsWith('https:')) return ok(open({ url, tls: noTls }));
    const chosen = await tls();
    const wanting = chosen.ok ? null : chosen.failure;
    if (wanting?.message !== this.#wanting?.message) {
      this.#wanting = wanting;
      this.#refresh();
    }
    return chosen.ok ? ok(open({ url, tls: chosen.value })) : chosen;
  }

  #said(key: string, what: MemberSaid): void {
    const { name, emit } = this.#options;
    const scope = this.#scope(key);
    const more: Signal<EtcdData>[] = [];
    if (what.kind !== 'metrics' && !this.#scopes.has(scope)) {
      this.#scopes.add(scope);
      more.push({ kind: 'synced', scope });
    }
    const data = dataOf(name, key, what);
    emit([{ kind: 'observed', scope, data }, ...more]);
    if (what.kind === 'status') this.#answered(key, what.answer.status);
    if (what.kind === 'down') {
      const last = this.#answers.get(key);
      if (last !== undefined) this.#answers.set(key, { ...last, answers: false });
    }
  }

  #answered(
    key: string,
    {
      clusterId,
      memberId,
      leader,
    }: Pick<LastAnswer, 'clusterId' | 'memberId'> & { leader: string },
  ): void {
    const last = this.#answers.get(key);
    this.#answers.set(key, { clusterId, memberId, leads: leader === memberId, answers: true });
    this.#heard.resolve();
    if (last?.clusterId === clusterId && last.memberId === memberId) return;
    this.#home = homeOf(this.#answers.values(), this.#home);
    this.#refresh();
  }

  async #list(): Promise<void> {
    const { clock, random } = this.#options;
    await this.#heard.promise;
    while (!this.#signal.aborted) {
      await this.#askMembers();
      await clock.sleep(jittered(membersEvery, random), this.#signal);
    }
  }

  async #askMembers(): Promise<void> {
    for (const key of spokesmen(this.#answers, this.#home, this.#spokesman)) {
      const listed = await this.#running.get(key)?.watch.members(this.#signal);
      if (this.#signal.aborted) return;
      if (listed?.ok !== true) continue;
      this.#spokesman = key;
      this.#listed = listed.value;
      this.#refresh();
      return;
    }
  }
}

const dataOf = (cluster: string, member: string, what: MemberSaid): EtcdData => {
  switch (what.kind) {
    case 'status':
      return { kind: 'status', id: 'status', cluster, member, ...what.answer };
    case 'down':
      return { kind: 'down', id: 'status', cluster, member, failure: what.failure };
    case 'metrics':
      return { kind: 'metrics', id: 'metrics', cluster, member, metrics: what.metrics };
    default:
      return absurd(what);
  }
};
