import { type LedgerEntry, mayText } from '../../actions/debug-ledger.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { AnyTone } from '../parts/tone.ts';
import { age, ageOf, ago, count } from '../parts/words.ts';

/** What runs is a door that stands open; what has ended is a line in a list. */
export const debugTone = ({ state }: LedgerEntry): AnyTone => {
  if (state === 'running') return 'warn';
  return state === 'waiting' ? 'progress' : 'muted';
};

export const stateText = ({ state, since }: LedgerEntry, now: EpochMs): string => {
  if (state === 'waiting') return 'not started';
  if (since === null) return state;
  return state === 'running' ? `runs for ${ageOf(since, now)}` : `ended ${ago(now - since)}`;
};

/** Where it is, as one would say it: a pod, or a node. */
export const whereText = ({ kind, namespace, pod, node }: LedgerEntry): string =>
  kind === 'node-pod' ? `node ${node}` : `${namespace}/${pod}`;

export const whatText = ({ kind, pod, container }: LedgerEntry): string =>
  kind === 'node-pod' ? pod : container;

export const byText = ({ ours, by }: LedgerEntry): string => {
  if (by !== '') return by;
  return ours ? 'nobody says' : 'not midwatch';
};

const endText = (entry: LedgerEntry, now: EpochMs): string => {
  const { state, ends, ours, since, started, exitCode } = entry;
  if (state === 'ended') {
    const ran = started === null || since === null ? '' : `ran ${age(since - started)}, `;
    return `${ran}exit ${exitCode ?? 'not known'}`;
  }
  if (state === 'waiting') return ours ? 'ends by itself half an hour after it starts' : '';
  if (ends === null) return 'nothing says that it ever ends by itself';
  return ends > now
    ? `ends by itself in ${age(ends - now)}`
    : `should have ended by itself ${ago(now - ends)}`;
};

/** What becomes of it: a container cannot be taken away, a pod can. */
const staysText = ({ kind, state, namespace }: LedgerEntry): string => {
  if (kind === 'container') return 'permanent';
  return state === 'running'
    ? `its pod in ${namespace} is deleted when the session ends`
    : `its pod in ${namespace} was not deleted`;
};

/** A digest is compared in the description of the pod, where all of it stands. */
const imageText = (image: string): string =>
  image.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1…');

/** All that is known of it besides where, who and why, in pieces that may stand on one line or on several. */
export const detailTexts = (entry: LedgerEntry, now: EpochMs): readonly string[] => {
  const may = mayText(entry);
  return [
    endText(entry, now),
    staysText(entry),
    entry.target === '' ? '' : `joined ${entry.target}`,
    may === '' ? '' : `may ${may}`,
    imageText(entry.image),
    entry.reason === '' ? 'no reason is given' : '',
  ].filter((text) => text !== '');
};

const verb = (n: number, one: string, more: string): string =>
  `${count(n)} ${n === 1 ? one : more}`;

/** How many there are, and what can be done about them. */
export const summaryText = (entries: readonly LedgerEntry[]): string => {
  const of = (state: LedgerEntry['state']): number =>
    entries.filter((e) => e.state === state).length;
  const [run, wait, end] = [of('running'), of('waiting'), of('ended')];
  const states = [
    run === 0 ? 'none runs' : verb(run, 'runs', 'run'),
    wait === 0 ? '' : verb(wait, 'has not started', 'have not started'),
    end === 0 ? '' : verb(end, 'has ended', 'have ended'),
  ];
  const is = (kind: LedgerEntry['kind']): boolean => entries.some((e) => e.kind === kind);
  return [
    `${states.filter((p) => p !== '').join(', ')}.`,
    is('container') ? 'A container is permanent: it stays until its pod is gone.' : '',
    is('node-pod') ? 'A pod on a node can be deleted: ctrl-d.' : '',
  ]
    .filter((p) => p !== '')
    .join(' ');
};
