import type { Proof } from '../../findings/finding.ts';
import { absurd } from '../../kernel/absurd.ts';
import { type Freshness, freshnessAt } from '../../kernel/freshness.ts';
import type { AnyProbe } from '../../kernel/probe.ts';
import { sliceOf } from '../../kernel/world.ts';
import { alerts } from '../../probes/alerts.ts';
import { controlPlane } from '../../probes/control-plane.ts';
import { etcd } from '../../probes/etcd.ts';
import { objectProbes } from '../../probes/index.ts';
import { link } from '../../probes/link.ts';
import { prometheus } from '../../probes/prometheus.ts';
import { blank, type Line, line, span, spread } from '../parts/line.ts';
import { type AnyTone, sign } from '../parts/tone.ts';
import { ageOf, ago } from '../parts/words.ts';
import { rule } from '../parts/wrap.ts';
import type { ViewInput } from '../view.ts';

type SourceInput = Pick<ViewInput, 'world' | 'now' | 'glyphs' | 'width'>;

const told = (
  f: Freshness,
  { now }: SourceInput,
): { readonly tone: AnyTone; readonly text: string; readonly heard: number | null } => {
  switch (f.kind) {
    case 'never':
      return { tone: 'unknown', text: 'not read to the end yet', heard: null };
    case 'fresh':
      return { tone: 'good', text: 'fresh', heard: f.heard };
    case 'stale':
      return { tone: 'stale', text: `stale for ${ageOf(f.since, now)}: ${f.why}`, heard: f.heard };
    case 'failing':
      return {
        tone: f.heard === null ? 'unknown' : 'stale',
        text: `cannot be read for ${ageOf(f.since, now)}: ${f.failure.message}`,
        heard: f.heard,
      };
    default:
      return absurd(f);
  }
};

/** A user with two hundred namespaces has as many scopes; the first tell it. */
const scopesKept = 12;

/** How far a source can be trusted, a line for each of its scopes. */
export const sourceLines = (probe: AnyProbe, input: SourceInput): readonly Line[] => {
  const { world, now, glyphs, width } = input;
  const scopes = [...sliceOf(world, probe).scopes];
  if (scopes.length === 0) {
    const text = ` ${probe.title}: nothing heard`;
    return [line('  ', sign('unknown', glyphs), span(text, 'dim'))];
  }
  const shown = scopes.slice(0, scopesKept).map(([scope, f]) => {
    const { tone, text, heard } = told(freshnessAt(f, now, probe.patience), input);
    const where = scope === '' ? probe.title : `${probe.title} ${scope}`;
    return spread(
      line('  ', sign(tone, glyphs), ` ${where}: `, text),
      line(span(heard === null ? 'never heard ' : `${ago(now - heard)} `, 'dim')),
      width,
    );
  });
  const left = scopes.length - shown.length;
  return left === 0 ? shown : [...shown, line('    ', span(`and ${left} more`, 'dim'))];
};

const probesById: ReadonlyMap<string, AnyProbe> = new Map(
  [...objectProbes, link, controlPlane, etcd, alerts, prometheus].map((p) => [p.id as string, p]),
);

/** The sources of some facts, and how old each is; nothing when there are none. */
export const sourcesOfProof = (facts: readonly Proof[], input: SourceInput): readonly Line[] => {
  const probes = [...new Set(facts.map((f) => f.source as string))].flatMap(
    (id) => probesById.get(id) ?? [],
  );
  return probes.length === 0
    ? []
    : [
        blank,
        rule('sources', input.width, input.glyphs.rule),
        ...probes.flatMap((probe) => sourceLines(probe, input)),
      ];
};
