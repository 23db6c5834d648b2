import type { Effects } from './effects.ts';
import type { PromptKeys } from './prompt-keys.ts';
import type { NotedAlert, SessionStore } from './session.ts';
import type { AlertRef } from './view.ts';

/** A whole group may be acknowledged at once; more than this is not taken care of by one person. */
const mostAtOnce = 200;

interface Means {
  readonly session: SessionStore;
  readonly effects: Pick<Effects, 'acknowledge'>;
  readonly prompts: Pick<PromptKeys, 'ask'>;
}

const whatOf = (alerts: readonly NotedAlert[]): string =>
  alerts.length === 1 ? (alerts[0]?.name ?? '') : `${alerts.length} alerts`;

/** Acknowledges alerts, or takes that back; the first refusal is told and ends it. */
export const noteAlerts = (
  alerts: readonly NotedAlert[],
  { note, withdrawn }: { readonly note: string; readonly withdrawn: boolean },
  { session, effects }: Pick<Means, 'session' | 'effects'>,
): void => {
  for (const { fingerprint, name } of alerts) {
    const refused = effects.acknowledge({ fingerprint, name, note, withdrawn });
    if (refused !== null) {
      session.dispatch({ kind: 'notice', notice: { tone: 'warn', text: refused } });
      return;
    }
  }
  const text = withdrawn
    ? `${whatOf(alerts)}: acknowledgement taken back`
    : `${whatOf(alerts)}: acknowledged; it still fires, and nothing is silenced`;
  session.dispatch({ kind: 'notice', notice: { tone: 'info', text } });
};

/** The key: asks for a note where somebody is to take care of alerts, and takes it back where all of them are. */
export const acknowledge = (alerts: readonly AlertRef[], means: Means): void => {
  const { session, prompts } = means;
  const say = (text: string) =>
    session.dispatch({ kind: 'notice', notice: { tone: 'info', text } });
  if (alerts.length === 0) return say('only alerts can be acknowledged');
  const open = alerts.filter((a) => !a.acknowledged);
  if (open.length > mostAtOnce) {
    return say(`${open.length} alerts at once are too many; open the group, or filter`);
  }
  if (open.length === 0) return noteAlerts(alerts, { note: '', withdrawn: true }, means);
  prompts.ask(open);
};
