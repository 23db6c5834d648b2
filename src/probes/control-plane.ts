import { z } from 'zod';
import { everywhere, probeId, type Signal } from '../kernel/fact.ts';
import {
  type Failure,
  type FailureKind,
  failed,
  failure,
  ok,
  type Result,
} from '../kernel/failure.ts';
import type { KubernetesPort, Ports } from '../kernel/ports.ts';
import type { Change, Emit, Observed, Probe } from '../kernel/probe.ts';
import { type EpochMs, epochMs, minutes, seconds } from '../kernel/units.ts';
import { type HealthCheck, readHealthChecks } from './health-checks.ts';

export type Endpoint = 'readyz' | 'livez';

/** One poll of one endpoint, or the server's version. */
export type ControlPlaneData =
  | {
      readonly kind: 'checks';
      readonly endpoint: Endpoint;
      /** The verdict of the server itself. */
      readonly ok: boolean;
      readonly checks: readonly HealthCheck[];
    }
  | { readonly kind: 'version'; readonly version: string };

export interface CheckState {
  readonly ok: boolean;
  readonly reason: string;
  /** When it became so, as far as we saw it. */
  readonly since: EpochMs;
}

export interface EndpointState {
  readonly ok: boolean;
  readonly checks: ReadonlyMap<string, CheckState>;
}

export interface ControlPlaneState {
  readonly readyz: EndpointState | null;
  readonly livez: EndpointState | null;
  /** `v1.36.3`; '' until it is known. */
  readonly version: string;
  /** Time of the last news; how long ago the server was heard is the slice's freshness. */
  readonly lastAt: EpochMs | null;
}

const checksEvery = seconds(15);
/** While nobody answers: that the server is back, and how it is, is what one waits for. */
const checksAfterSilence = seconds(3);
const versionEvery = minutes(5);

const text = z.string().max(500);
const schema: z.ZodType<ControlPlaneData> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('checks'),
    endpoint: z.enum(['readyz', 'livez']),
    ok: z.boolean(),
    checks: z.array(z.object({ name: text, ok: z.boolean(), reason: text })).max(500),
  }),
  z.object({ kind: z.literal('version'), version: text }),
]);

const empty: ControlPlaneState = { readyz: null, livez: null, version: '', lastAt: null };

type News = Pick<Change, 'key' | 'tone' | 'text'>;

const checkNews = (
  endpoint: Endpoint,
  name: string,
  was: CheckState | undefined,
  { ok: passes, reason }: HealthCheck,
): News | null => {
  // A check that is new and passes is a server with one more feature, not an event.
  if (passes === (was?.ok ?? true)) return null;
  return passes
    ? { key: name, tone: 'good', text: `${endpoint} check ${name} passes again` }
    : {
        key: name,
        tone: 'bad',
        text: `${endpoint} check ${name} fails${reason === '' ? '' : `: ${reason}`}`,
      };
};

const withChecks = (
  was: EndpointState | null,
  data: Extract<ControlPlaneData, { kind: 'checks' }>,
  at: EpochMs,
): { readonly state: EndpointState; readonly news: readonly News[] } => {
  const news: News[] = [];
  const checks = new Map<string, CheckState>();
  for (const check of data.checks) {
    const before = was?.checks.get(check.name);
    const said = checkNews(data.endpoint, check.name, before, check);
    if (said !== null) news.push(said);
    checks.set(check.name, {
      ok: check.ok,
      reason: check.reason,
      since: before !== undefined && before.ok === check.ok ? before.since : at,
    });
  }
  const silent = news.length === 0 && was !== null && was.ok !== data.ok;
  if (silent) {
    // The verdict has turned without a check that says why, e.g. while the server shuts down.
    const verdict = data.ok ? 'passes again' : 'fails';
    news.push({ key: '', tone: data.ok ? 'good' : 'bad', text: `${data.endpoint} ${verdict}` });
  }
  return { state: { ok: data.ok, checks }, news };
};

const step = (
  was: ControlPlaneState,
  { at, data }: Observed<ControlPlaneData>,
): { readonly state: ControlPlaneState; readonly news: readonly News[] } => {
  if (data.kind === 'checks') {
    const { state, news } = withChecks(was[data.endpoint], data, at);
    return { state: { ...was, [data.endpoint]: state, lastAt: at }, news };
  }
  const turned = was.version !== '' && was.version !== data.version;
  return {
    state: { ...was, version: data.version, lastAt: at },
    news: turned
      ? [{ key: '', tone: 'info', text: `API server version ${was.version} → ${data.version}` }]
      : [],
  };
};

const refusedHint =
  'bind the ClusterRole system:public-info-viewer, or allow get on the nonResourceURLs /readyz, /livez and /version';

const refusal = (path: string, status: number): Failure | null => {
  if (status === 401) {
    return failure('unauthorized', 'poll', 'the API server does not accept the credential', {
      on: path,
      status,
    });
  }
  if (status === 403) {
    return failure('forbidden', 'poll', `${path} is forbidden for this user`, {
      on: path,
      status,
      hint: refusedHint,
    });
  }
  return status === 404
    ? failure('absent', 'poll', `${path} is not served`, { on: path, status })
    : null;
};

const pollChecks = async (
  kubernetes: KubernetesPort,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<Result<ControlPlaneData>> => {
  const path = `/${endpoint}`;
  const answer = await kubernetes.probe(`${path}?verbose`, signal);
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  const refused = refusal(path, status);
  if (refused !== null) return failed(refused);
  const checks = readHealthChecks(body);
  if (checks === null) {
    const message = `${path} answers HTTP ${status} without any check`;
    return failed(failure('undecodable', 'poll', message, { on: path, status }));
  }
  return ok({ kind: 'checks', endpoint, ok: status === 200, checks });
};

const pollVersion = async (
  kubernetes: KubernetesPort,
  signal: AbortSignal,
): Promise<Result<ControlPlaneData>> => {
  const answer = await kubernetes.get('/version', signal);
  if (!answer.ok) return answer;
  try {
    const parsed = z.object({ gitVersion: text }).parse(JSON.parse(answer.value));
    return ok({ kind: 'version', version: parsed.gitVersion });
  } catch {
    return failed(failure('undecodable', 'poll', '/version has no gitVersion', { on: '/version' }));
  }
};

/** Failures of the way there: unlike a refusal, they end by themselves. */
const silences: ReadonlySet<FailureKind> = new Set(['unreachable', 'timeout', 'ended']);

const observe = async (
  { clock, kubernetes }: Ports,
  emit: Emit<ControlPlaneData>,
  signal: AbortSignal,
): Promise<void> => {
  const told = new Map<string, string>();
  let versionDue = epochMs(0);
  while (!signal.aborted) {
    const asked = [
      pollChecks(kubernetes, 'readyz', signal),
      pollChecks(kubernetes, 'livez', signal),
    ];
    if (clock.now() >= versionDue) asked.push(pollVersion(kubernetes, signal));
    const [ready, live, version] = await Promise.all(asked);
    if (signal.aborted) return;
    if (version?.ok) versionDue = epochMs(clock.now() + versionEvery);
    const signals: Signal<ControlPlaneData>[] = [];
    for (const part of [ready, live, version]) {
      if (!part?.ok) continue;
      const { value } = part;
      const id = value.kind === 'checks' ? value.endpoint : value.kind;
      const said = JSON.stringify(value);
      if (told.get(id) !== said) signals.push({ kind: 'observed', scope: everywhere, data: value });
      told.set(id, said);
    }
    // The version alone is no evidence of health.
    const broken = [ready, live].find((part) => part !== undefined && !part.ok);
    if (broken !== undefined && !broken.ok) {
      signals.push({ kind: 'failed', scope: everywhere, failure: broken.failure });
    } else signals.push({ kind: 'synced', scope: everywhere });
    emit(signals);
    const silent = broken?.ok === false && silences.has(broken.failure.kind);
    await clock.sleep(silent ? checksAfterSilence : checksEvery, signal);
  }
};

/** The API server's own opinion of itself: every readyz and livez check, and its version. */
export const controlPlane: Probe<ControlPlaneData, ControlPlaneState> = {
  id: probeId('control-plane'),
  title: 'control plane',
  patience: seconds(50),
  schema,
  empty,
  fold: (state, batch) => {
    let now = state;
    const changes: Change[] = [];
    for (const observed of batch) {
      const { state: next, news } = step(now, observed);
      now = next;
      if (!observed.settled) continue;
      const { rev, at } = observed;
      for (const said of news) changes.push({ rev, at, probe: controlPlane.id, ...said });
    }
    return { state: now, changes };
  },
  save: ({ readyz, livez, ...rest }) => ({ ...rest, readyz: saved(readyz), livez: saved(livez) }),
  load: (from) => {
    const { readyz, livez, ...rest } = from as Saved;
    return { ...rest, readyz: loaded(readyz), livez: loaded(livez) };
  },
  observe,
};

interface SavedEndpoint {
  readonly ok: boolean;
  readonly checks: readonly (readonly [string, CheckState])[];
}
type Saved = Omit<ControlPlaneState, Endpoint> & Readonly<Record<Endpoint, SavedEndpoint | null>>;

const saved = (state: EndpointState | null): SavedEndpoint | null =>
  state === null ? null : { ok: state.ok, checks: [...state.checks] };
const loaded = (from: SavedEndpoint | null): EndpointState | null =>
  from === null ? null : { ok: from.ok, checks: new Map(from.checks) };
