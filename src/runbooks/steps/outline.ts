import type { Section } from '../markdown/sections.ts';
import { folded } from '../markdown/slug.ts';
import type { Panel } from '../runbook.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split('|').map(folded));

const meaning = words(
  'meaning|summary|description|alert description|overview|background|context|about|introduction|purpose|含义|意义|概要|说明|描述|背景|概述|意味|説明|설명',
);
const impact = words('impact|severity|consequences|user impact|影响|严重性|影響|영향');
const appendix = words(
  'references|reference|see also|links|related|related links|related alerts|additional resources|additional information|additional notes|notes|further reading|resources|contacts|contact|glossary|changelog|history|table of contents|contents|toc|参考|参考资料|相关链接|附录|目录|参考資料|参照',
);

const kindOf = (title: string): Panel['kind'] | null => {
  const name = folded(title);
  if (meaning.has(name)) return 'meaning';
  if (impact.has(name)) return 'impact';
  return appendix.has(name) ? 'appendix' : null;
};

/** What a section is for. */
export type Use =
  | { readonly kind: 'panel'; readonly panel: Panel['kind'] }
  | { readonly kind: 'step' }
  /** A heading over others, with nothing of its own. */
  | { readonly kind: 'group' };

export interface Outline {
  /** '' when there is no first heading. */
  readonly title: string;
  readonly uses: ReadonlyMap<Section, Use>;
}

const isEmpty = ({ content }: Section): boolean =>
  content.every(
    ({ token }) =>
      token.type === 'space' ||
      token.type === 'def' ||
      token.type === 'hr' ||
      (token.type === 'html' && /^\s*<!--[\s\S]*-->\s*$/.test(token.raw)),
  );

const command = /```|~~~|`\s*(?:\$\s+)?(?:kubectl|oc|etcdctl|curl)\s/;
/** Whether a text seems to hold commands. */
export const seemsToCommand = (raw: string): boolean => command.test(raw);

const commands = ({ content }: Section): boolean =>
  content.some(({ token }) => seemsToCommand(token.raw.slice(0, 20_000)) && token.type !== 'html');

/**
 * What each section is for: the first heading is the title, what is told of meaning and impact stands beside the steps,
 * and everything else with content is a step. `chartLine`: where the chart stands, which is no content.
 */
export const outlineOf = (sections: readonly Section[], chartLine: number): Outline => {
  const first = sections.find((s) => s.depth > 0);
  const title = first?.depth === 1 ? first : undefined;
  const others = sections.some((s) => s.depth > 0 && s !== title && !isEmpty(s));
  const uses = new Map<Section, Use>();
  for (const section of sections) {
    const heads = section.depth === 0 || section === title;
    const around = [...section.under.slice(title === undefined ? 0 : 1), section.title];
    const panel = heads ? null : (around.map(kindOf).find((kind) => kind !== null) ?? null);
    const chartOnly =
      chartLine > 0 &&
      section.content.every(
        (c) => c.token.type === 'space' || (c.token.type === 'code' && c.line === chartLine),
      );
    if (isEmpty(section) || chartOnly) uses.set(section, { kind: 'group' });
    else if (panel !== null) uses.set(section, { kind: 'panel', panel });
    else if (
      heads &&
      (others ? !withCommands(section, chartLine) : section.depth === 0 && title !== undefined)
    ) {
      uses.set(section, { kind: 'panel', panel: 'about' });
    } else uses.set(section, { kind: 'step' });
  }
  return { title: title?.title ?? '', uses };
};

const withCommands = (section: Section, chartLine: number): boolean =>
  commands({ ...section, content: section.content.filter((c) => c.line !== chartLine) });
