import { freshnessAt, never } from '../kernel/freshness.ts';
import { type EpochMs, seconds } from '../kernel/units.ts';
import { sliceFreshness, sliceOf, type World } from '../kernel/world.ts';
import { type CheckState, controlPlane, type EndpointState } from '../probes/control-plane.ts';
import { leases, renewStep } from '../probes/leases.ts';
import { link } from '../probes/link.ts';
import type { Glyphs } from './parts/glyphs.ts';
import { roundTripText } from './parts/header.ts';
import { fit, type Line, line, span } from './parts/line.ts';
import { sign } from './parts/tone.ts';
import { ageOf, ago, many } from './parts/words.ts';
import { rule } from './parts/wrap.ts';
import { textRows, type View } from './view.ts';

/** The API server by its own checks, etcd as the API server sees it, the link to it, and who leads. */
export const controlPlaneView: View = {
  id: 'control-plane',
  title: 'control plane',
  aliases: ['control-plane', 'cp', 'api', 'health'],
  digit: '1',
  keys: [],
  content: ({ world, now, width, glyphs }) => ({
    title: 'control plane',
    head: [],
    rows: textRows(lines(world, now, width, glyphs)),
    empty: [],
  }),
};

const lines = (world: World, now: EpochMs, width: number, glyphs: Glyphs): readonly Line[] => {
  const slice = sliceOf(world, controlPlane);
  const freshness = sliceFreshness(slice, controlPlane, now);
  const { readyz, livez, version, lastAt } = slice.state;
  const note =
    freshness.kind === 'failing'
      ? line(
          ' ',
          sign('unknown', glyphs),
          ' ',
          span(`cannot be read: ${freshness.failure.message}`, 'warn'),
        )
      : freshness.kind === 'stale'
        ? line(
            ' ',
            sign('stale', glyphs),
            ' ',
            span(`last known, ${ageOf(freshness.since, now)} old: ${freshness.why}`, 'dim'),
          )
        : null;
  return [
    ...(note === null ? [] : [note]),
    rule('link', width, glyphs.rule),
    ...linkLines(world, now, glyphs),
    rule(`api server ${version}`, width, glyphs.rule, lastAt === null ? '' : ago(now - lastAt)),
    ...endpointLines('readyz', readyz, now, width, glyphs, (name) => !isEtcd(name)),
    ...endpointLines('livez', livez, now, width, glyphs, (name) => !isEtcd(name)),
    rule('etcd, as the api server sees it', width, glyphs.rule, '2: its members'),
    ...endpointLines('readyz', readyz, now, width, glyphs, isEtcd),
    rule('who leads', width, glyphs.rule),
    ...leaderLines(world, now, glyphs),
  ];
};

const isEtcd = (name: string): boolean => name.startsWith('etcd');

const linkLines = (world: World, now: EpochMs, glyphs: Glyphs): readonly Line[] => {
  const { state, since, roundTrip, missed, why, redials, serverSkew } = sliceOf(world, link).state;
  const tone = state === 'healthy' ? 'good' : state === 'unhealthy' ? 'bad' : 'progress';
  return [
    line(
      ' ',
      sign(tone, glyphs),
      ` ${state}`,
      since === null ? '' : span(` for ${ageOf(since, now)}`, 'dim'),
      roundTrip === null ? '' : `  round trip ${roundTripText(roundTrip.smoothed)}`,
      redials === 0 ? '' : `  ${many(redials, 'redial')}`,
      serverSkew === null || Math.abs(serverSkew) < 2000
        ? ''
        : span(`  its clock is ${Math.round(serverSkew / 1000)} s from ours`, 'warn'),
    ),
    ...(missed === 0
      ? []
      : [line('   ', span(`${many(missed, 'heartbeat')} missed: ${why}`, 'bad'))]),
  ];
};

/** Failed checks in full, one a line; those that pass are only counted, with their names where there is room. */
const endpointLines = (
  name: string,
  endpoint: EndpointState | null,
  now: EpochMs,
  width: number,
  glyphs: Glyphs,
  wanted: (check: string) => boolean,
): readonly Line[] => {
  if (endpoint === null)
    return [line(' ', sign('unknown', glyphs), span(` ${name} has not been read`, 'dim'))];
  const checks = [...endpoint.checks].filter(([check]) => wanted(check));
  const failed = checks.filter(([, c]) => !c.ok);
  const passed = checks.filter(([, c]) => c.ok).map(([check]) => check);
  return [
    ...failed.map(([check, state]) => failedLine(name, check, state, now, glyphs)),
    ...(passed.length === 0
      ? []
      : [line(' ', sign('good', glyphs), ` ${name}: ${many(passed.length, 'check')} pass`)]),
    ...nameLines(passed, width),
    ...(checks.length === 0
      ? [line(' ', sign('unknown', glyphs), span(` ${name} names no such check`, 'dim'))]
      : []),
  ];
};

const failedLine = (
  name: string,
  check: string,
  state: CheckState,
  now: EpochMs,
  glyphs: Glyphs,
): Line =>
  line(
    ' ',
    sign('bad', glyphs),
    span(` ${name}: ${check} fails`, 'bad'),
    span(` for ${ageOf(state.since, now)}`, 'dim'),
    state.reason === '' ? '' : `  ${state.reason}`,
  );

const nameLines = (names: readonly string[], width: number): readonly Line[] => {
  const column = Math.max(0, ...names.map((n) => n.length)) + 2;
  const perRow = Math.max(1, Math.floor((width - 3) / column));
  return Array.from({ length: Math.ceil(names.length / perRow) }, (_, row) =>
    line(
      '   ',
      span(
        names
          .slice(row * perRow, (row + 1) * perRow)
          .map((n) => fit(n, column))
          .join(''),
        'dim',
      ),
    ),
  );
};

/** Renewals are known no finer than their step, and a little late. */
const slack = renewStep + seconds(10);

/** Leases of the control plane: the scheduler and the controller manager renew theirs every few seconds. */
const leaderLines = (world: World, now: EpochMs, glyphs: Glyphs): readonly Line[] => {
  const slice = sliceOf(world, leases);
  const freshness = freshnessAt([...slice.scopes.values()][0] ?? never, now, leases.patience);
  const mine = [...slice.state.values()].filter(
    (l) => l.namespace === 'kube-system' && !l.name.startsWith('apiserver-'),
  );
  if (mine.length === 0) {
    const why =
      freshness.kind === 'failing'
        ? freshness.failure.message
        : 'no component holds a lease; a single one need not';
    return [line(' ', sign('unknown', glyphs), span(` ${why}`, 'dim'))];
  }
  return mine.map((l) => {
    const overdue = l.renewed !== null && now - l.renewed > l.durationSeconds * 1000 + slack;
    return line(
      ' ',
      sign(overdue ? 'bad' : 'good', glyphs),
      ` ${fit(l.name, 28)} `,
      span(fit(l.holder, 40), 'dim'),
      overdue ? span(`  not renewed for ${ageOf(l.renewed ?? 0, now)}`, 'bad') : '',
    );
  });
};
