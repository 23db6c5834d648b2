import { type SilencePlan, silenceMatchers } from '../../actions/silence.ts';
import type { AlertStream, StreamItem } from '../../findings/alert-stream.ts';
import type { Matcher } from '../../kernel/alert-fact.ts';
import { parseMatchers } from '../../kernel/matchers.ts';

/** The labels that a source groups by are the matchers of the whole group; `=X` is all of that name. */
export const matchersOfGroup = (group: string): readonly Matcher[] => {
  if (group.startsWith('=')) return silenceMatchers({ alertname: group.slice(1) }, 'name');
  const parsed = parseMatchers(group);
  return parsed.ok ? parsed.value : [];
};

/** The alerts that a plan lists, as the stream has them. */
export const hiddenItems = (plan: SilencePlan, stream: AlertStream): readonly StreamItem[] => {
  const keys = new Set(plan.hides.listed.map((a) => a.key));
  return stream.items.filter((i) => i.kind === 'alert' && keys.has(i.key));
};

/** The same for a terminal beside this one. What a shell could read as more than text is left out. */
export const amtoolText = (
  matchers: readonly Matcher[],
  hours: number,
  plan: SilencePlan,
  stream: AlertStream,
): string => {
  const words = matchers.map((m) => {
    const sign = `${m.isEqual ? '=' : '!'}${m.isRegex ? '~' : m.isEqual ? '' : '='}`;
    const text = `${m.name}${sign}${JSON.stringify(m.value)}`;
    return text.includes("'") ? '…' : `'${text}'`;
  });
  const first = plan.requests[0]?.sources[0];
  const url = stream.sources.find((s) => s.name === first)?.where ?? '';
  const where = /^https?:\/\/[\w.:/[\]-]+$/.test(url) ? ` --alertmanager.url=${url}` : '';
  return `amtool silence add${where} --duration=${hours}h --comment=… ${words.join(' ')}`;
};
