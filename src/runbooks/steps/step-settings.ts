import { nearest } from '../../kernel/spelling.ts';
import { diagnostic, type Report } from '../diagnose.ts';
import type { FrontMatterRead } from '../markdown/front-matter.ts';
import { risks } from '../runbook.ts';
import { durationOf } from './duration.ts';
import { riskNamed, timeoutNamed } from './fence-attributes.ts';
import { ownSettings, type Settings } from './settings.ts';

type Say = (path: readonly (string | number)[], message: string, hint: string) => void;

const told = <T>(
  text: string | undefined,
  of: (text: string) => T | null,
  path: readonly (string | number)[],
  hint: string,
  say: Say,
): T | null => {
  if (text === undefined) return null;
  const value = of(text);
  if (value === null) say(path, `${path.join('.')}: "${text}" is not known`, hint);
  return value;
};

const aTime = 'write a time such as 30s';

/** What counts for each step: what the runbook says of all, and of this one. Mistakes are told once. */
export const stepSettings = (
  front: FrontMatterRead,
  report: Report,
): ((step: string) => Settings) => {
  const say: Say = (path, message, hint) =>
    report(
      diagnostic('error', 'front-matter', { line: front.lineOf(path), col: 1 }, message, hint),
    );
  const said = front.front.defaults;
  const risk = told(said?.risk, riskNamed, ['defaults', 'risk'], risks.join(', '), say);
  const timeout = told(said?.timeout, timeoutNamed, ['defaults', 'timeout'], aTime, say);
  const since = told(said?.since, durationOf, ['defaults', 'since'], aTime, say);
  const common: Settings = {
    ...ownSettings,
    ...(risk === null ? {} : { risk }),
    ...(timeout === null ? {} : { timeout }),
    ...(since === null ? {} : { since, sinceGiven: true }),
    tail: said?.tail ?? ownSettings.tail,
    image: said?.image ?? ownSettings.image,
    namespace: said?.namespace ?? ownSettings.namespace,
  };
  const own = new Map(
    Object.entries(front.front.steps ?? {}).map(([id, step]) => {
      const mine = told(step.risk, riskNamed, ['steps', id, 'risk'], risks.join(', '), say);
      const wait = told(step.timeout, timeoutNamed, ['steps', id, 'timeout'], aTime, say);
      return [
        id,
        {
          ...common,
          ...(mine === null ? {} : { risk: mine }),
          ...(wait === null ? {} : { timeout: wait }),
        },
      ];
    }),
  );
  return (step) => own.get(step) ?? common;
};

/** Steps of the front matter that the runbook does not have. */
export const checkStepNames = (
  front: FrontMatterRead,
  ids: readonly string[],
  report: Report,
): void => {
  const known = new Set(ids);
  for (const id of Object.keys(front.front.steps ?? {})) {
    if (known.has(id)) continue;
    const near = nearest(id, ids);
    const hint = near === undefined ? '' : `did you mean "${near}"?`;
    const place = { line: front.lineOf(['steps', id]), col: 1 };
    report(diagnostic('error', 'binding', place, `there is no step "${id}"`, hint));
  }
};
