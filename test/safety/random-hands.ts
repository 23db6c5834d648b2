import { catalogue } from '../../src/actions/catalogue.ts';

/** What somebody does at the keyboard: a key, or a text that is pasted at once. */
export type Stroke =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'paste'; readonly text: string };

/** The same numbers for the same seed, 0..1. */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const printable = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
const namedKeys =
  'enter esc tab shift-tab backspace up down left right pageup pagedown home end space'.split(' ');
const controlKeys = [...'abcdefghijklmnopqrstuvwxyz'].map((c) => `ctrl-${c}`);

const places = [
  ...['pods', 'nodes', 'deployments', 'statefulsets', 'daemonsets', 'replicasets', 'services'],
  ...['events', 'ns', 'secrets', 'configmaps', 'home', 'etcd', 'alerts', 'silences', 'acts', 'act'],
  ...['logs', 'runbooks', 'timeline', 'control-plane', 'broken', 'aliases', 'ctx', 'jobs'],
];

const words = catalogue.flatMap(({ id, aliases }) => [id, ...aliases]);

const rests = [
  '',
  '',
  '',
  '3',
  '0',
  'payments/payment-gateway',
  'payments',
  '--since=10m',
  'since=5m tail=20',
  'incident=INC-1 it is being looked at',
  'image=registry.test/debug@sha256:0000000000000000000000000000000000000000000000000000000000000000',
  '-- sh -c "id"',
  '/tmp/nowhere.db',
  'alertname="KubePodCrashLooping" 2h because',
  '\u001b[2J',
];

const texts = [
  'yes',
  'y',
  'it is needed for the incident of tonight',
  'INC-2143',
  '5',
  '',
  'payment-gateway',
  'real-1',
  '2h',
  'no',
];

export interface Hands {
  /** @param typed What a person would have to type now to agree to what is asked; '' when nothing is. */
  next(typed: string): readonly Stroke[];
}

const key = (k: string): Stroke => ({ kind: 'key', key: k });
const typing = (text: string): readonly Stroke[] =>
  [...text].map((c) => key(c === ' ' ? 'space' : c));

/**
 * Sequences of up to about thirty strokes that know the program: places, the keys of every action, command mode with
 * anything behind it, right and wrong answers, pastes, and noise.
 * @param breaks Whether they break the glass, too, and mostly know what they want and how it is agreed to.
 */
export const randomHands = (seed: number, breaks = false): Hands => {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const actionKeys = [...new Set(catalogue.flatMap(({ keys }) => keys))];
  /** Typed, or typed as far as the colon and then pasted. */
  const command = (text: string): readonly Stroke[] => [
    key('esc'),
    key(':'),
    ...(random() < 0.7 ? [{ kind: 'paste', text } as const] : typing(text)),
    key('enter'),
  ];
  const noise = (most: number): readonly Stroke[] =>
    Array.from({ length: 1 + Math.floor(random() * most) }, () =>
      key(random() < 0.6 ? pick(printable) : pick([...namedKeys, ...controlKeys])),
    );
  const moves = (): readonly Stroke[] =>
    Array.from({ length: Math.floor(random() * 4) }, () =>
      key(pick(['j', 'k', 'G', 'g', 'enter'])),
    );
  const breaking = () => [
    ...command('break-glass'),
    ...typing('the cluster burns and it has to be done'),
    key('enter'),
    ...typing('INC-1'),
    key('enter'),
  ];
  /** To something that can be changed, and on to a question about it. */
  const wishing = () => [
    ...command(pick(['nodes', 'pods', 'deployments'])),
    ...moves().filter((s) => s.kind === 'key' && s.key !== 'enter'),
    ...command(
      pick(['cordon', 'uncordon', 'restart', 'scale 2', 'annotate see INC-1', 'delete-pod']),
    ).slice(1),
  ];
  const kinds: readonly ((typed: string) => readonly Stroke[])[] = [
    () => noise(6),
    ...(breaks ? [wishing, wishing, wishing, wishing] : [wishing]),
    () => command(pick(places)),
    () => [...command(pick(places)), ...moves(), key(pick(actionKeys))],
    () => [...moves(), key(pick(actionKeys))],
    () => command(`${pick(words)} ${pick(rests)}`.trim()),
    (typed) => [...typing(typed === '' ? pick(texts) : typed), key('enter')],
    (typed) => [...typing(typed === '' ? pick(texts) : typed), key('enter')],
    () => [...typing(pick(texts)), key('enter')],
    () => [key('enter')],
    () => [{ kind: 'paste', text: pick([...texts, ...rests]) }, key('enter')],
    () => command('mend-glass'),
    ...(breaks ? [breaking, breaking] : []),
    () => command(`${pick(printable)}${pick(words)}`),
    () => [key('2'), ...moves(), key(pick(actionKeys))],
    () => [key('5'), ...moves(), key(pick(['s', 'r', 'a', 'enter', 'x']))],
    () => [key(pick(['x', 'enter', 'n', 'e', 'b', 'S']))],
  ];
  const agreeing = (typed: string) => [...typing(typed), key('enter')];
  return {
    next: (typed) =>
      breaks && typed !== '' && random() < 0.6 ? agreeing(typed) : pick(kinds)(typed),
  };
};
