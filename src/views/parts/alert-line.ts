import type { StreamItem } from '../../findings/alert-stream.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { RunbookFinder } from '../runbook/desk.ts';
import type { AlertRef, Opening, PlainRow, Target } from '../view.ts';
import { alertFlags, alertTone, alertWord, runbookOf } from './alert-words.ts';
import type { Glyphs } from './glyphs.ts';
import { repeatsName } from './group-words.ts';
import { cut, fit, type Line, line, span, spread, widthOf } from './line.ts';
import { sign, toneStyle } from './tone.ts';
import { ageOf } from './words.ts';

const wordWidth = 9;

/** Names stand below each other; what they are about gets what they leave, and what else is to be known the rest. */
const nameWidth = (width: number): number => (width < wide ? 30 : width < 150 ? 36 : 44);

/** Below this width a service goes by its name alone. */
const wide = 100;

/** From this width on there is room for sentences. */
const roomy = 120;
const summaryKept = 120;

export interface AlertLook {
  readonly width: number;
  readonly now: EpochMs;
  readonly glyphs: Glyphs;
  /** How many alerts the line stands for. */
  readonly members?: number;
  /** What all of them are about, where that is not what the one says. */
  readonly subject?: string;
  /** Names of the others, where they are called otherwise. */
  readonly others?: readonly string[];
  /** Columns of the longest name in the list. */
  readonly nameWidth?: number;
  readonly runbook?: RunbookFinder;
}

/** Whether an alert leads to a runbook; as long as none is read, whether it says that it does. */
const hasRunbook = (item: StreamItem, find: RunbookFinder | undefined): boolean => {
  const mark = item.kind === 'alert' ? find?.(item) : undefined;
  return mark === undefined || mark.kind === 'unread'
    ? runbookOf(item) !== ''
    : mark.kind === 'found';
};

/** More names than these are counted. */
const othersNamed = 4;

/** `x12`; where they have several names, those: `+ etcdNoLeader, etcdMembersDown`. */
const membersText = (members: number, others: readonly string[]): string => {
  const times = members > others.length + 1 ? `x${members}` : '';
  if (others.length === 0) return times;
  const more = others.length - othersNamed;
  const names = `+ ${others.slice(0, othersNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return times === '' ? names : `${times}  ${names}`;
};

/** One alert: sign, severity or state, name, what it is about, what else to know; its age at the right. */
export const alertLine = (item: StreamItem, look: AlertLook): Line => {
  const { width, now, glyphs, members = 1, others = [] } = look;
  const tone = alertTone(item);
  // The name of an event says how often and on how many objects: it is not cut for the sake of a column.
  const names = Math.max(
    Math.min(nameWidth(width), look.nameWidth ?? Number.POSITIVE_INFINITY),
    item.kind === 'event' ? widthOf(item.name) : 0,
  );
  const flags = alertFlags(item, now, membersText(members, others));
  const subject = look.subject ?? item.subject;
  // Where no label says what it is about, its sentence does; where there is room, both are there.
  const sentence = others.length > 0 || repeatsName(item.summary, item.name) ? '' : item.summary;
  const summary = subject === '' || width >= roomy ? cut(sentence, summaryKept) : '';
  const parts = [
    ...(subject === '' ? [] : [span(width < wide ? subject.replace(/^service /, '') : subject)]),
    ...flags.map((flag) => span(flag, flag === item.disagreement ? 'warn' : 'dim')),
    ...(summary === '' ? [] : [span(summary, subject === '' ? 'plain' : 'dim')]),
  ];
  const since = item.state === 'resolved' ? (item.resolvedAt ?? item.since) : item.since;
  return spread(
    line(
      ' ',
      sign(tone, glyphs),
      ' ',
      span(fit(alertWord(item), wordWidth), tone === 'good' ? 'dim' : toneStyle(tone)),
      ' ',
      span(parts.length === 0 ? item.name : fit(item.name, names), 'title'),
      ...parts.flatMap((part, i) => [i === 0 ? ' ' : '  ', part]),
    ),
    line(
      span(fit(ageOf(since, now), 4, 'right')),
      ' ',
      span(hasRunbook(item, look.runbook) ? glyphs.runbook : ' ', 'dim'),
    ),
    width,
  );
};

export const alertRef = (item: StreamItem): AlertRef => ({
  fingerprint: item.key,
  name: item.name,
  acknowledged: item.acknowledged !== null,
});

/** What the alert is about, as a place. */
const relatedTo = ({ object, member, finding }: StreamItem): Opening | null => {
  if (object !== null) return { view: 'describe', args: { ...object } };
  if (member !== null) return { view: 'etcd-member', args: { ...member } };
  return finding === null ? null : { view: 'proof', args: { finding } };
};

/** What can be done from the line of an alert. */
export const alertTarget = (item: StreamItem, find?: RunbookFinder): Target => {
  const related = relatedTo(item);
  const proof = item.kind === 'event' ? { finding: item.key } : { alert: item.key };
  return {
    // An event is about an object, and everything about it stands there.
    open:
      item.kind === 'event' && related !== null
        ? related
        : { view: 'alert', args: { key: item.key } },
    proof,
    ...(item.object === null ? {} : { object: item.object }),
    ...(related === null ? {} : { related }),
    ...(item.kind === 'alert'
      ? {
          alerts: () => [alertRef(item)],
          silence: { alert: item.key },
          runbook: hasRunbook(item, find),
        }
      : {}),
  };
};

export const alertRow = (item: StreamItem, look: AlertLook): PlainRow => ({
  key: `alert/${item.key}`,
  selectable: true,
  target: alertTarget(item, look.runbook),
  line: alertLine(item, look),
});
