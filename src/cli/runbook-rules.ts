import { readFile } from 'node:fs/promises';
import { systemClock } from '../adapters/clock.ts';
import { askText, parsedJson } from '../adapters/http/ask-text.ts';
import { directHttp } from '../adapters/http/direct.ts';
import { monitoringGuard } from '../adapters/http/monitoring-guard.ts';
import { rulesAnswer } from '../adapters/prometheus/rules-answer.ts';
import { asTheyAre } from '../adapters/prometheus/sent-labels.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { type AlertRuleAt, type RuleFileRead, ruleFile } from '../runbooks/lint/rule-file.ts';
import type { Config } from './config.ts';
import { namedSources } from './sources.ts';

/** Alerting rules of a file. */
export const rulesOfFile = async (path: string): Promise<Result<RuleFileRead>> => {
  try {
    return ok(ruleFile(await readFile(path, 'utf8'), path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return failed(failure('misconfigured', 'read rules', `cannot be read (${code})`, { on: path }));
  }
};

const notPrometheus = (on: string) =>
  failure('undecodable', 'read rules', 'it answers, but not as a Prometheus does', { on });

/** Alerting rules that a Prometheus has loaded. One that is in the configuration is asked with its login. */
export const rulesOfPrometheus = async (
  url: string,
  config: Pick<Config, 'prometheus'>,
  env: Readonly<Record<string, string | undefined>>,
  version: string,
  signal: AbortSignal,
): Promise<Result<RuleFileRead>> => {
  const named = namedSources({ prometheus: [url] }, env, {
    ...(config.prometheus === undefined ? {} : { prometheus: config.prometheus }),
  });
  if (!named.ok) return named;
  const targets = named.value.prometheus.map((scoped) => scoped.target);
  const asked = targets[0]?.way.kind === 'direct' ? targets[0].way.url : '';
  const same = targets.filter((t) => t.way.kind === 'direct' && t.way.url === asked);
  const target = same.find((t) => t.auth.kind !== 'none') ?? same.at(-1);
  if (target?.way.kind !== 'direct') return failed(notPrometheus(url));
  const { way, auth, tls } = target;
  const http = directHttp({ way, auth, tls, clock: systemClock, version, guard: monitoringGuard });
  try {
    const path = '/api/v1/rules?type=alert';
    const answer = await askText(http, path, systemClock, signal);
    if (!answer.ok) return answer;
    const json = parsedJson(answer.value.text, path);
    if (!json.ok) return json;
    const read = rulesAnswer(json.value, asTheyAre);
    if (read === null) return failed(notPrometheus(url));
    const rules = [...read.rules.values()].map((rule): AlertRuleAt => {
      // Where in the file a rule stands is not told.
      const place = { path: rule.file === '' ? url : rule.file, line: 1, col: 1 };
      const { name, group, annotations } = rule;
      const labels = { ...rule.labels, alertname: name };
      return { ...place, name, group, labels, annotations, placeOf: () => place };
    });
    return ok({ rules, findings: [] });
  } finally {
    await http.close();
  }
};
