import { type EffectRequest, noWeight } from '../kernel/act.ts';
import type { Silence } from '../kernel/alert-fact.ts';
import { failed, failure, ok } from '../kernel/failure.ts';
import { freshnessAt, never } from '../kernel/freshness.ts';
import { matchersText } from '../kernel/matchers.ts';
import { clip, plainText } from '../kernel/text.ts';
import { sliceOf } from '../kernel/world.ts';
import { alertClusters } from '../probes/alert-clusters.ts';
import { type AlertSourceState, alerts } from '../probes/alerts.ts';
import type { ActInput, ActionDefinition, PlanScene } from './action.ts';
import { counted } from './counted.ts';
import { shortBounds } from './object-request.ts';
import { sendInOrder } from './send-in-order.ts';

/** Ids are UUIDs. */
const isId = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

const wrong: ActInput['wrong'] = (value) => (isId(value.trim()) ? null : 'the id of a silence');

interface Holder {
  readonly name: string;
  readonly cluster: string;
  readonly heard: boolean;
  readonly state: AlertSourceState;
  readonly silence: Silence;
}

const holdersOf = (
  { world, now }: Pick<PlanScene, 'world' | 'now'>,
  cluster: string,
  id: string,
): readonly Holder[] => {
  const slice = sliceOf(world, alerts);
  const clusters = alertClusters(slice.state);
  return [...slice.state]
    .flatMap(([name, state]): readonly Holder[] => {
      const silence = state.silences.get(id);
      const its = clusters.get(name) ?? name;
      if (silence === undefined || (cluster !== '' && its !== cluster)) return [];
      const freshness = freshnessAt(slice.scopes.get(name) ?? never, now, alerts.patience);
      return [{ name, cluster: its, heard: freshness.kind === 'fresh', state, silence }];
    })
    .sort((a, b) => Number(b.heard) - Number(a.heard) || (a.name < b.name ? -1 : 1));
};

/** Alerts that nothing else keeps quiet. */
const toldAgain = (holders: readonly Holder[], id: string): number => {
  const keys = new Set<string>();
  for (const { state } of holders) {
    for (const [key, a] of state.alerts) {
      const only = a.silencedBy.length === 1 && a.silencedBy[0] === id;
      if (only && a.inhibitedBy.length === 0 && a.mutedBy.length === 0) keys.add(key);
    }
  }
  return keys.size;
};

/** Ends a silence before its time. */
export const silenceExpire: ActionDefinition = {
  id: 'silence-expire',
  title: 'end silence',
  keys: ['x'],
  aliases: ['unsilence'],
  resources: ['silences'],
  effect: 'write',
  shown: true,
  elsewhere: 'amtool silence expire {id}',
  inputs: [
    {
      name: 'silence',
      title: 'silence',
      hint: 'the id of a silence',
      required: true,
      usual: () => '',
      wrong,
    },
  ],
  plan: ({ subject, args }, scene) => {
    const id = (args.silence ?? '').trim();
    const why = wrong(id);
    if (subject.kind !== 'alerts')
      return failed(failure('misconfigured', 'end silence', 'only a silence can be ended'));
    if (why !== null) return failed(failure('misconfigured', 'end silence', `silence: ${why}`));
    const holders = holdersOf(scene, subject.cluster, id);
    const silence = holders[0]?.silence;
    const again = toldAgain(holders, id);
    const requests = [...Map.groupBy(holders, (h) => h.cluster)].map(
      ([cluster, all]): EffectRequest => ({
        kind: 'alertmanager',
        cluster,
        sources: all.map((h) => h.name),
        method: 'DELETE',
        path: `/api/v2/silence/${id}`,
        body: '',
      }),
    );
    const what = silence === undefined ? '' : clip(plainText(matchersText(silence.matchers)), 200);
    return ok({
      title: `end silence ${what === '' ? id : what}`,
      effect: 'write',
      typed: id.slice(0, 8),
      requests,
      rights: [],
      dangers:
        silence === undefined
          ? []
          : [
              again === 0
                ? 'No alert that is open now is told again by that.'
                : `${counted(again, 'alert')} that it hides ${again === 1 ? 'is' : 'are'} told again, pages with them.`,
              `${clip(plainText(silence.author), 100) || 'Somebody'} has set it: ${clip(plainText(silence.comment), 200)}`,
            ],
      refusals: [
        ...(silence === undefined ? ['no Alertmanager is known to have this silence'] : []),
        ...(silence?.state === 'expired' ? ['it has ended already'] : []),
      ],
      bounds: shortBounds,
      weight: noWeight,
    });
  },
  perform: sendInOrder,
};
