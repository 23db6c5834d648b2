import type { Config } from '../../../src/cli/config.ts';
import { namedSources } from '../../../src/cli/sources.ts';
import type { NamedSources } from '../../../src/kernel/source-target.ts';
import type { PostedAlert } from '../monitoring/alertmanager.ts';

interface Server {
  readonly url: string;
}

const named = (servers: Readonly<Record<string, Server>> = {}) =>
  Object.entries(servers).map(([name, { url }]) => ({ name, url }));

/** Alert sources as a configuration names them. */
export const sourcesOf = (sources: {
  readonly alertmanagers?: Readonly<Record<string, Server>>;
  readonly prometheus?: Readonly<Record<string, Server>>;
}): NamedSources => {
  const config: Pick<Config, 'alertmanagers' | 'prometheus'> = {
    alertmanagers: named(sources.alertmanagers),
    prometheus: named(sources.prometheus),
  };
  const found = namedSources({ discover: false }, {}, config);
  if (!found.ok) throw new Error(found.failure.message);
  return found.value;
};

export const alertOf = (
  alertname: string,
  severity: string,
  labels: Readonly<Record<string, string>> = {},
  annotations: Readonly<Record<string, string>> = {},
): PostedAlert => ({
  labels: { alertname, severity, namespace: 'payments', ...labels },
  annotations: { summary: `${alertname} is ${severity}`, ...annotations },
});

/** The same, over since a moment ago. */
export const over = (alert: PostedAlert): PostedAlert => ({
  ...alert,
  startsAt: new Date(Date.now() - 60_000).toISOString(),
  endsAt: new Date(Date.now() - 500).toISOString(),
});

/** Always fires, and says by that that alerts come through. */
export const watchdogRule = {
  alert: 'Watchdog',
  expr: 'vector(1)',
  labels: { severity: 'none' },
} as const;
