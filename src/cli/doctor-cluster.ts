import type { ClusterInfo } from '../adapters/kubernetes/api-client.ts';
import type { Decision } from '../adapters/kubernetes/resolved.ts';
import { type Failure, failureText, type Result } from '../kernel/failure.ts';
import type { EpochMs, Milliseconds } from '../kernel/units.ts';
import { bad, type DoctorLine, fine, warn } from './doctor-line.ts';

/** Which cluster is meant and why. Holds no secret. */
export interface Target {
  readonly info: ClusterInfo;
  readonly decisions: readonly Decision[];
}

/** One answer of the API server, with how long it took and when it was sent. */
export interface TimedAnswer {
  readonly status: number;
  readonly body: string;
  readonly sent: EpochMs;
  readonly took: Milliseconds;
  /** Of the Date header, which counts whole seconds; null when there is none. */
  readonly serverTime: EpochMs | null;
}

export interface Identity {
  readonly name: string;
  readonly groups: readonly string[];
}

const fixOf = (f: Failure, otherwise: string): string => f.hint ?? otherwise;

export const kubeconfigLines = (target: Result<Target>): readonly DoctorLine[] => {
  if (!target.ok) {
    const fix = fixOf(target.failure, 'kubectl config view shows what kubectl sees');
    return [bad('kubeconfig', failureText(target.failure), fix)];
  }
  const { info, decisions } = target.value;
  const insecure = info.server.startsWith('http:');
  return [
    fine('context', `${info.context || 'none'}: ${info.server}, user ${info.user || 'none'}`),
    ...decisions.map((d) => fine(`kubeconfig ${d.what}`, `${d.value} (from ${d.from})`)),
    ...(insecure
      ? [
          warn(
            'tls',
            'the server is asked without TLS: no credential is sent',
            'use an https:// server',
          ),
        ]
      : []),
  ];
};

/** Slower than this, a screen still works, and a person notices. */
const slow = 500;

/** `first` opened the connection, `second` used it again. */
export const linkLines = (
  first: Result<TimedAnswer>,
  second: Result<TimedAnswer> | null,
): readonly DoctorLine[] => {
  if (!first.ok) {
    const f = first.failure;
    return [
      bad(
        'api',
        failureText(f),
        fixOf(f, 'is the address right, and does the way there (VPN, proxy) stand?'),
      ),
    ];
  }
  if (first.value.status === 401) {
    return [bad('api', 'the server does not know this user (401)', 'log in again, as for kubectl')];
  }
  if (second === null || !second.ok) {
    return [
      warn(
        'api',
        `answered once in ${first.value.took} ms, then no more`,
        'try again; a flapping way there looks like this',
      ),
    ];
  }
  const text = `reachable, round trip ${second.value.took} ms, first answer ${first.value.took} ms`;
  return [
    second.value.took > slow
      ? warn('api', text, 'run midwatch nearer to the cluster, e.g. on the bastion')
      : fine('api', text),
  ];
};

/** The header counts whole seconds and the answer was on its way: so much is no skew. */
const skewSeen = 2000;
const skewBad = 60_000;

export const skewLine = ({ sent, took, serverTime }: TimedAnswer): DoctorLine => {
  if (serverTime === null) {
    return warn('clock', 'the server does not tell its time', 'compare the clocks by hand');
  }
  // The server's second began up to a second before it answered, in the middle of the way there and back.
  const skew = sent + took / 2 - (serverTime + 500);
  const off = Math.abs(skew);
  if (off <= skewSeen) return fine('clock', 'agrees with the server');
  const s = Math.round(off / 1000);
  const text = `this machine is ${s} s ${skew > 0 ? 'ahead of' : 'behind'} the server`;
  const fix = 'synchronise this machine with NTP; ages on the screen are wrong by as much';
  return off > skewBad
    ? bad('clock', text, `${fix}, and tokens may be refused`)
    : warn('clock', text, fix);
};

/** Versions of Kubernetes that are tried: the oldest minor, and the newest. */
const tried = { oldest: 30, newest: 36 };

export const versionLine = (answer: TimedAnswer): DoctorLine => {
  const found = /"gitVersion":\s*"(v\d+\.(\d+)[^"]*)"/.exec(answer.body);
  if (answer.status !== 200 || found === null) {
    return warn(
      'version',
      `the server does not tell its version (${answer.status})`,
      'allow system:public-info-viewer to be used, as by default',
    );
  }
  const [, version = '', minor = ''] = found;
  const n = Number(minor);
  if (n < tried.oldest) {
    return warn(
      'version',
      `${version} is older than what is tried`,
      `upgrade to 1.${tried.oldest} or newer`,
    );
  }
  return n > tried.newest
    ? fine('version', `${version}, newer than what is tried (1.${tried.newest})`)
    : fine('version', version);
};

export const readyLine = (answer: Result<TimedAnswer>): DoctorLine => {
  const fix = 'kubectl get --raw "/readyz?verbose"';
  if (!answer.ok) return warn('readyz', failureText(answer.failure), fix);
  const { status, body } = answer.value;
  if (status === 200) {
    const checks = body.split('\n').filter((l) => l.startsWith('[+]')).length;
    return fine('readyz', checks === 0 ? 'ok' : `${checks} checks pass`);
  }
  const failed = body
    .split('\n')
    .flatMap((l) => /^\[-\](\S+)/.exec(l)?.[1] ?? [])
    .join(', ');
  return status === 403 || status === 401
    ? warn('readyz', 'may not be read', 'allow system:public-info-viewer to be used, as by default')
    : bad('readyz', failed === '' ? `not ready (${status})` : `fails: ${failed}`, fix);
};

export const identityLine = (who: Result<Identity>): DoctorLine =>
  who.ok
    ? fine(
        'who am I',
        `${who.value.name}${who.value.groups.length === 0 ? '' : `, in ${who.value.groups.join(', ')}`}`,
      )
    : warn('who am I', failureText(who.failure), 'kubectl auth whoami');

export const metricsLine = (answer: Result<TimedAnswer>): DoctorLine => {
  if (!answer.ok) return warn('metrics', failureText(answer.failure), 'kubectl top nodes');
  const { status } = answer.value;
  if (status === 200) return fine('metrics', 'metrics.k8s.io is served');
  if (status === 404) {
    return warn(
      'metrics',
      'metrics.k8s.io is not served: no usage columns',
      'install metrics-server',
    );
  }
  return status === 403
    ? warn('metrics', 'metrics.k8s.io may not be read', 'allow get and list in metrics.k8s.io')
    : warn(
        'metrics',
        `metrics.k8s.io answers ${status}`,
        'kubectl get apiservice v1beta1.metrics.k8s.io',
      );
};
