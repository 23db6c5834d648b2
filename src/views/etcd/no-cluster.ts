import { type Freshness, freshnessAt } from '../../kernel/freshness.ts';
import { sliceFreshness, sliceOf } from '../../kernel/world.ts';
import { controlPlane } from '../../probes/control-plane.ts';
import { etcd } from '../../probes/etcd.ts';
import { type Line, line, span } from '../parts/line.ts';
import { sign } from '../parts/tone.ts';
import { ageOf, ago } from '../parts/words.ts';
import type { ViewInput } from '../view.ts';
import { paragraph } from './cluster-rows.ts';

/** Why no member is known, as far as the source says. */
const whyLines = (freshness: Freshness | undefined, input: ViewInput): readonly Line[] => {
  const { glyphs, width, now } = input;
  switch (freshness?.kind) {
    case 'failing': {
      const { message, hint = '' } = freshness.failure;
      return [
        line(
          ' ',
          sign('warn', glyphs),
          span(' the members of etcd could not be looked for', 'warn'),
        ),
        ...paragraph(message, width),
        ...(hint === '' ? [] : paragraph(hint, width)),
      ];
    }
    case 'fresh':
      return [line(' ', sign('unknown', glyphs), span(' no etcd was found', 'warn'))];
    case 'stale': {
      const age = ageOf(freshness.heard ?? freshness.since, now);
      return [
        line(' ', sign('stale', glyphs), span(` no etcd was found, ${age} ago`, 'dim')),
        ...paragraph(freshness.why, width),
      ];
    }
    default:
      return [
        line(' ', sign('unknown', glyphs), span(' nothing has been heard of etcd yet', 'warn')),
      ];
  }
};

/** etcd through the eyes of the API server: all there is while no member is known. */
const seenLines = ({ world, glyphs, width, now }: ViewInput): readonly Line[] => {
  const slice = sliceOf(world, controlPlane);
  const { readyz } = slice.state;
  const f = sliceFreshness(slice, controlPlane, now);
  const heard = f.kind === 'never' ? null : f.heard;
  const checks = [...(readyz?.checks ?? [])].filter(([name]) => name.startsWith('etcd'));
  if (checks.length === 0)
    return paragraph('The API server says nothing of its etcd either.', width);
  const age = heard === null ? '' : `, heard ${ago(now - heard)}`;
  return [
    line('   ', span(`What the API server says of its own etcd${age}:`)),
    ...checks.map(([name, check]) =>
      line(
        '   ',
        sign(check.ok ? 'good' : 'bad', glyphs),
        ` readyz ${name} `,
        span(
          check.ok ? 'passes' : `fails for ${ageOf(check.since, now)} ${check.reason}`,
          check.ok ? 'plain' : 'bad',
        ),
      ),
    ),
  ];
};

/** What was looked for, and what to set so that members can be asked. */
export const noClusterLines = (input: ViewInput): readonly Line[] => {
  const { width, world, now } = input;
  const scope = sliceOf(world, etcd).scopes.get('');
  const freshness = scope === undefined ? undefined : freshnessAt(scope, now, etcd.patience);
  return [
    ...whyLines(freshness, input),
    ...paragraph(
      'Looked for: static pods with the label component=etcd in kube-system, and what is configured.',
      width,
    ),
    ...paragraph(
      'To name a cluster: etcd with endpoints, caFile, certFile and keyFile in the configuration, or --etcd-endpoints with ETCDCTL_CACERT, ETCDCTL_CERT and ETCDCTL_KEY.',
      width,
    ),
    ...seenLines(input),
  ];
};
