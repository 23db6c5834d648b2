import type { AlertStream } from '../../findings/alert-stream.ts';
import { freshnessAt } from '../../kernel/freshness.ts';
import { sliceOf } from '../../kernel/world.ts';
import { alerts } from '../../probes/alerts.ts';
import { type Line, line, span } from '../parts/line.ts';
import { sign } from '../parts/tone.ts';
import { wrap } from '../parts/wrap.ts';
import type { ViewInput } from '../view.ts';

const paragraph = (text: string, width: number): readonly Line[] =>
  wrap(text, width - 4, 4).map((part) => line('   ', span(part)));

/** What is in the way of finding sources, in the words of whoever looked. */
export const discoveryLines = ({ world, now, width, glyphs }: ViewInput): readonly Line[] => {
  const scope = sliceOf(world, alerts).scopes.get('');
  const f = scope === undefined ? undefined : freshnessAt(scope, now, alerts.patience);
  if (f?.kind !== 'failing') return [];
  const [first = '', ...more] = wrap(f.failure.message, width - 4, 4);
  return [
    line(' ', sign('warn', glyphs), ' ', span(first, 'warn')),
    ...more.map((part) => line('   ', span(part, 'warn'))),
    ...paragraph(f.failure.hint ?? '', width),
  ];
};

/** What was looked for, and what to set so that there is a source. */
const noSourceLines = (input: ViewInput): readonly Line[] => [
  line(' ', sign('unknown', input.glyphs), span(' no alert source is known', 'warn')),
  ...discoveryLines(input),
  ...paragraph(
    'Looked for: services of Alertmanager and Prometheus in the cluster, and what is configured.',
    input.width,
  ),
  ...paragraph(
    'To name one: --alertmanager and --prometheus with a URL, or alertmanagers and prometheus in the configuration.',
    input.width,
  ),
];

/** Why there is nothing to show: that nothing fires is only said when somebody fresh says so. */
export const noAlertLines = (stream: AlertStream, input: ViewInput): readonly Line[] => {
  const { glyphs, width } = input;
  const heard = stream.sources.filter((s) => s.tone === 'good' || s.tone === 'warn');
  if (stream.sources.length === 0) return noSourceLines(input);
  if (heard.length === 0) {
    return [
      line(
        ' ',
        sign('stale', glyphs),
        span(' no source is heard: what fires is not known', 'warn'),
      ),
      ...stream.sources.flatMap((s) => paragraph(`${s.name}: ${s.text}`, width)),
    ];
  }
  const { tone, text } = stream.watchdog;
  return [
    line(' ', sign('good', glyphs), ' nothing fires, nothing is pending'),
    ...(text === '' ? [] : [line(' ', sign(tone, glyphs), ` ${text}`)]),
  ];
};
