import type { StreamItem, Suppression } from '../../findings/alert-stream.ts';
import type { Health } from '../../findings/finding.ts';
import { matchersText } from '../../kernel/matchers.ts';
import type { EpochMs } from '../../kernel/units.ts';
import { acknowledgements } from '../../probes/acknowledgements.ts';
import { alerts } from '../../probes/alerts.ts';
import {
  type Detail,
  field,
  fieldIf,
  item as itemDetail,
  type Pen,
  type Section,
  section,
  toObject,
} from '../describe/detail.ts';
import {
  alertTone,
  alertWord,
  commitOf,
  runbookOf,
  suppressionText,
  untilText,
} from '../parts/alert-words.ts';
import { line, span } from '../parts/line.ts';
import { toneStyle } from '../parts/tone.ts';
import { ageOf, ago, clockUtc, dateUtc } from '../parts/words.ts';
import type { RunbookFinder, RunbookMark } from '../runbook/desk.ts';
import type { Target } from '../view.ts';
import { sayingLines } from './saying-lines.ts';

const momentText = (at: number, pen: Pen): string =>
  `${dateUtc(at as EpochMs)} ${clockUtc(at as EpochMs, true)} UTC, ${ageOf(at, pen.now)} ago`;

/** What it is, how it stands, and who takes care of it. */
const stateSection = (item: StreamItem, pen: Pen): Section => {
  const tone = alertTone(item);
  const ack = item.acknowledged;
  const word = item.state === 'firing' ? 'firing' : alertWord(item);
  const extra = Object.entries(item.annotations).filter(([key]) => key === 'description');
  const texts = [item.summary, ...extra.map(([, text]) => text)].filter(
    (text, i, all) => text !== '' && all.indexOf(text) === i,
  );
  return {
    title: item.name,
    details: [
      itemDetail(
        pen,
        tone,
        line(
          span(`${word}, severity ${item.severity}`, tone === 'good' ? 'plain' : toneStyle(tone)),
          span(`  for ${ageOf(item.since, pen.now)}`, 'dim'),
        ),
        texts,
      ),
      field(pen, 'since', momentText(item.since, pen)),
      ...(item.resolvedAt === null ? [] : [field(pen, 'over', momentText(item.resolvedAt, pen))]),
      ...(item.flaps > 0
        ? [field(pen, 'flapping', `began again ${item.flaps}x in the last hour`)]
        : []),
      ...(item.stale
        ? [field(pen, 'stale', span('no source that is heard now tells it', 'warn'))]
        : []),
      ...(item.disagreement === ''
        ? []
        : [field(pen, 'disagreement', span(item.disagreement, 'warn'))]),
      ...fieldIf(pen, 'note', item.note),
      ack === null
        ? field(
            pen,
            'taken care of',
            span(item.kind === 'alert' ? 'by nobody; a acknowledges' : 'by nobody', 'dim'),
          )
        : field(
            pen,
            'taken care of',
            `by ${ack.by}, ${ago(pen.now - ack.at)}${ack.note === '' ? '' : `: ${ack.note}`}`,
          ),
    ],
  };
};

/** What it is about, and what opens. */
const aboutSection = (item: StreamItem, health: Health, pen: Pen): readonly Section[] => {
  const { object, member, subject } = item;
  const finding = health.findings.find((f) => f.key === item.finding);
  const etcd = health.etcd.find((r) => r.finding === item.finding);
  return section('about', [
    ...(subject === '' ? [] : [field(pen, 'subject', subject)]),
    ...(object === null
      ? []
      : [
          field(
            pen,
            'object',
            `${object.resource} ${object.namespace === '' ? '' : `${object.namespace}/`}${object.name}`,
            toObject(object),
          ),
        ]),
    ...(member === null
      ? []
      : [
          field(pen, 'etcd member', `${member.member} of ${member.cluster}`, {
            open: { view: 'etcd-member', args: { ...member } },
          }),
        ]),
    ...(finding === undefined
      ? []
      : [
          field(pen, 'broken', `${finding.title}: ${finding.reason}`, {
            open: { view: 'proof', args: { finding: finding.key } },
          }),
        ]),
    ...(finding === undefined && etcd !== undefined
      ? [
          field(pen, 'etcd', etcd.verdict, {
            open: { view: 'etcd', args: { cluster: etcd.name } },
          }),
        ]
      : []),
  ]);
};

const suppressionDetail = (s: Suppression, pen: Pen): Detail => {
  if (s.kind !== 'silence' || s.silence === null) {
    return itemDetail(
      pen,
      'muted',
      line(suppressionText(s, pen.now), span(`  ${s.source}`, 'dim')),
    );
  }
  const { author, comment, endsAt, matchers } = s.silence;
  return itemDetail(
    pen,
    'muted',
    line(
      `silenced by ${author} until ${untilText(endsAt as EpochMs, pen.now)} UTC`,
      span(`  ${s.source}  ${s.id}`, 'dim'),
    ),
    [comment === '' ? 'no comment' : comment, matchersText(matchers)],
    {
      object: { resource: 'silences', namespace: '', name: s.id },
      subject: { kind: 'alerts', cluster: '' },
      args: { silence: s.id },
      facts: { id: s.id },
    },
  );
};

/** Where to read what to do. That there is nothing is itself worth knowing: somebody will have to write it. */
const runbookSection = (
  item: StreamItem,
  pen: Pen,
  find: RunbookFinder | undefined,
): readonly Section[] => {
  const url = runbookOf(item);
  const commit = commitOf(item);
  const mark: RunbookMark = find?.(item) ?? { kind: 'unread' };
  const opens: Target = { open: { view: 'runbook', args: { alert: item.key } } };
  const steps =
    mark.kind === 'found'
      ? [
          field(pen, 'steps', mark.title, opens),
          field(pen, 'from', span(`${mark.from}; ${mark.by}`, 'dim'), opens),
        ]
      : mark.kind === 'none'
        ? [
            field(
              pen,
              'steps',
              span(
                `no runbook: no rule leads to one${mark.dead === '' ? '' : `; ${mark.dead}`}; r shows what was tried`,
                'warn',
              ),
              opens,
            ),
          ]
        : [];
  return section('runbook', [
    ...steps,
    field(
      pen,
      'runbook',
      url === ''
        ? span(
            `${mark.kind === 'found' ? '' : 'no runbook: '}no annotation runbook_url`,
            mark.kind === 'found' ? 'dim' : 'warn',
          )
        : url,
    ),
    field(
      pen,
      'commit',
      commit === '' ? span('no commit: nothing says which version of it is meant', 'warn') : commit,
    ),
  ]);
};

const pairs = (pen: Pen, map: Readonly<Record<string, string>>): readonly Detail[] =>
  Object.entries(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) =>
      name.length <= 14
        ? field(pen, name, value)
        : itemDetail(pen, 'info', line(span(name, 'dim')), [value === '' ? '""' : value]),
    );

const changesShown = 20;

const historySection = (item: StreamItem, pen: Pen): readonly Section[] => {
  const details: Detail[] = [];
  const { changes } = pen.world;
  for (let i = changes.length - 1; i >= 0 && details.length < changesShown; i -= 1) {
    const change = changes[i];
    if (change === undefined || change.key !== item.key) continue;
    if (change.probe !== alerts.id && change.probe !== acknowledgements.id) continue;
    details.push(
      itemDetail(
        pen,
        change.tone,
        line(span(`${clockUtc(change.at, true)}  `, 'dim'), change.text),
      ),
    );
  }
  return section('what changed', details, 'UTC');
};

/** All that is known of an alert. */
export const alertSections = (
  item: StreamItem,
  health: Health,
  pen: Pen,
  find?: RunbookFinder,
): readonly Section[] => {
  const rule: Target = { proof: { alert: item.key } };
  return [
    stateSection(item, pen),
    ...aboutSection(item, health, pen),
    ...section(
      'who says so',
      sayingLines(item, health.alerts.sources, pen).map((l) => ({
        lines: [line(' ', l)],
        target: rule,
      })),
    ),
    ...section(
      'why nobody is told',
      item.suppressedBy.map((s) => suppressionDetail(s, pen)),
    ),
    ...(item.kind === 'alert' ? runbookSection(item, pen, find) : []),
    ...section('told to', [
      ...fieldIf(pen, 'receivers', item.receivers.join(', ')),
      ...(item.group === ''
        ? []
        : [
            field(pen, 'group', item.group, {
              open: { view: 'alerts', args: { group: item.group } },
            }),
          ]),
      ...fieldIf(pen, 'rule', item.generatorUrl),
    ]),
    ...section('labels', pairs(pen, item.labels)),
    ...section('annotations', pairs(pen, item.annotations)),
    ...historySection(item, pen),
  ];
};
