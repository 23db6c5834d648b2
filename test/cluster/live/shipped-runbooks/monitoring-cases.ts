import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { waitFor } from '../../wait.ts';
import { dyingWords } from '../../workloads.ts';
import { inNamespace } from './in-namespace.ts';
import type { Lab } from './lab.ts';
import { pod } from './manifests.ts';
import { rulesWithoutWatchdog, standingRules } from './rules.ts';
import type { RunbookCase } from './runbook-case.ts';
import { ALERTMANAGER_POD, downTarget, MONITORING_NAMESPACE, PROMETHEUS_POD } from './scrapes.ts';
import type { LogOf } from './walked-book.ts';

const LOG_LINES = 200;
const namespace = MONITORING_NAMESPACE;
const silence: LogOf = () => '';
const ofAlertmanager: LogOf = ({ alertmanager }) => alertmanager.logTail(LOG_LINES);
const ofPrometheus: LogOf = ({ prometheus }) => prometheus.logTail(LOG_LINES);

/** Writes what Alertmanager is to read next, and asks it to. @returns whether it has taken it. */
const configure = async ({ alertmanager }: Lab, text: string): Promise<boolean> => {
  writeFileSync(join(dirname(alertmanager.dataDir), 'alertmanager.yml'), text);
  const { status } = await alertmanager.exchange('/-/reload', { method: 'POST' });
  return status === 200;
};

const toReceiver = (receiver: unknown): string =>
  JSON.stringify({
    route: { receiver: 'on-call', group_wait: '1s', group_interval: '1s', repeat_interval: '1s' },
    receivers: [receiver],
  });

const working = toReceiver({ name: 'on-call' });

const refused = async (lab: Lab, text: string): Promise<void> => {
  if (await configure(lab, text)) throw new Error('Alertmanager has taken what it must not take');
};

const accepted = async (lab: Lab, text: string): Promise<void> => {
  if (!(await configure(lab, text))) throw new Error(lab.alertmanager.logTail());
};

/** What stands for Alertmanager in the cluster; the real one is a process beside it. */
const standIn = pod(namespace, ALERTMANAGER_POD);

export const monitoringCases: readonly RunbookCase[] = [
  {
    alert: 'TargetDown',
    given: 'a target that refuses connections while its pods crash-loop',
    labels: downTarget,
    make: inNamespace(
      downTarget.namespace,
      pod(downTarget.namespace, 'cart', { script: dyingWords('no such table: orders', 1) }),
    ),
    leads: [
      ['share', 'ready'],
      ['ready', 'pods'],
      ['up', 'owner'],
    ],
  },
  {
    alert: 'PrometheusRuleFailures',
    given: 'a rule whose join has several matches',
    labels: { namespace, pod: PROMETHEUS_POD },
    leads: [
      ['why', 'query'],
      ['calm', 'owner'],
    ],
    log: ofPrometheus,
  },
  {
    alert: 'Watchdog',
    given: 'a Watchdog that comes through',
    labels: { namespace },
    leads: [
      ['rule', 'sent'],
      ['sent', 'passed'],
      ['passed', 'quiet'],
    ],
    log: silence,
  },
];

/** One after the other: each leaves Alertmanager or the rules as the next needs them. */
export const monitoringCasesInTurn: readonly RunbookCase[] = [
  {
    alert: 'AlertmanagerFailedReload',
    given: 'a route to a receiver that is not defined',
    labels: { namespace, pod: ALERTMANAGER_POD },
    make: async (lab) => {
      await inNamespace(namespace, standIn)(lab);
      await refused(lab, toReceiver({ name: 'somebody-else' }));
    },
    leads: [
      ['why', 'text'],
      ['loaded', 'owner'],
    ],
    log: ofAlertmanager,
  },
  {
    alert: 'AlertmanagerFailedReload',
    given: 'a configuration that is loaded again',
    labels: { namespace, pod: ALERTMANAGER_POD },
    make: (lab) => accepted(lab, working),
    leads: [['loaded', 'done']],
    log: ofAlertmanager,
  },
  {
    alert: 'WatchdogMissing',
    given: 'a receiver that cannot be reached',
    labels: { namespace },
    make: (lab) =>
      accepted(
        lab,
        toReceiver({ name: 'on-call', webhook_configs: [{ url: 'http://127.0.0.1:1/' }] }),
      ),
    undo: (lab) => accepted(lab, working),
    leads: [
      ['rule', 'sent'],
      ['passed', 'receiver'],
    ],
    log: ofAlertmanager,
  },
  {
    alert: 'WatchdogMissing',
    given: 'an Alertmanager that has crashed',
    labels: { namespace },
    make: ({ alertmanager }) => alertmanager.kill(),
    undo: ({ alertmanager }) => alertmanager.start(),
    leads: [
      ['rule', 'sent'],
      ['sent', 'link'],
    ],
    log: silence,
  },
  {
    alert: 'DeadMansSwitch',
    given: 'rules without it',
    labels: { namespace },
    make: ({ prometheus }) => prometheus.reload({ rules: rulesWithoutWatchdog }),
    undo: ({ prometheus }) => prometheus.reload({ rules: standingRules }),
    leads: [['rule', 'prom']],
    log: silence,
  },
];

/** The log goes on from one configuration to the next: only a new Alertmanager has none of the ones before. */
export const missingFileCases: readonly RunbookCase[] = [
  {
    alert: 'AlertmanagerFailedReload',
    given: 'a certificate that nobody has mounted',
    labels: { namespace, pod: ALERTMANAGER_POD },
    make: async (lab) => {
      const tls_config = { ca_file: '/etc/alertmanager/secrets/ca.crt' };
      const http_config = { tls_config };
      const webhook = { url: 'https://127.0.0.1:1/', http_config };
      await refused(lab, toReceiver({ name: 'on-call', webhook_configs: [webhook] }));
      await waitFor({ until: 'it has said why', timeoutMs: 30_000 }, () =>
        lab.alertmanager.logTail(3).includes('ca.crt'),
      );
    },
    undo: (lab) => accepted(lab, working),
    leads: [['why', 'file']],
    log: ({ alertmanager }) => alertmanager.logTail(3),
  },
];
