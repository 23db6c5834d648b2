import { clip } from '../../kernel/text.ts';
import { clean } from '../markdown/clean.ts';
import type { Template } from '../parameter.ts';
import type { Plan } from '../plan.ts';
import { byHand, type Classified, type Remark, reading, refused } from './classified.ts';
import { etcdPlan } from './etcd-plan.ts';
import { lastOf, readFlags, textOf } from './flags.ts';
import { subjectOf, tables } from './kubectl-flags.ts';
import type { Settings } from './settings.ts';
import { cutAt, literalOf } from './template.ts';
import type { Word } from './words.ts';

const exec = { severity: 'error', rule: 'exec' } as const;
const closed = 'no command is run inside a container';
const asDebug = 'an ephemeral debug container sees the same processes and files';

const lookOf = (words: readonly Word[]): readonly Template[] => words.map((w) => w.value);

/** `sh -c "etcdctl …"` and `env X=1 etcdctl …` are still etcdctl; a shell alone is a prompt. */
const innerCommand = (words: readonly Word[]): readonly Word[] => {
  const at = words.findIndex((w) => /(?:^|\/)etcdctl$/.test(w.text ?? ''));
  return at === -1 || !words.slice(0, at).every((w) => w.text !== 'sh' && w.text !== 'bash')
    ? words
    : words.slice(at);
};

/** `kubectl exec` and `oc rsh`, and what does the same without entering the container. */
export const execPlan = (
  words: readonly Word[],
  settings: Settings,
  source: string,
): Classified => {
  const flags = readFlags(words, tables.exec, 1);
  const rest = readFlags(flags.behind ?? [], tables.exec, 0);
  // `kubectl exec pod -c x -- cmd`: flags may stand behind the pod too.
  const more = readFlags(flags.behind ?? [], tables.exec, 1);
  const split = (flags.behind ?? []).findIndex((w) => w.text === '--');
  const late = split > 0 && more.positionals.length === 0;
  const behind = late ? (flags.behind ?? []).slice(split + 1) : (rest.behind ?? flags.behind ?? []);
  const merged = late ? { ...flags, values: new Map([...flags.values, ...more.values]) } : flags;
  const pod = flags.positionals[0];
  const slashed = pod === undefined ? null : cutAt(pod.value, '/');
  const subject = subjectOf(
    merged,
    pod === undefined ? [] : [pod],
    settings,
    slashed === null ? 'pod' : '',
  );
  const inner = innerCommand(behind);
  const container = lastOf(merged, 'container');
  const inEtcd =
    (container !== null && /etcdctl|^etcd$/.test(literalOf(container) ?? '')) ||
    inner[0]?.text?.endsWith('etcdctl') === true;
  if (inner[0]?.text?.endsWith('etcdctl') === true) {
    const asked = etcdPlan(inner.slice(1), source, subject?.names[0] ?? null);
    const instead = asked.plan.kind === 'etcd' ? asked.plan : null;
    const hint = instead === null ? '' : `etcd is asked itself: etcd ${instead.call}`;
    const said = refused(closed, instead, exec, hint, asked.risk);
    return { ...said, remarks: [...said.remarks, ...asked.remarks] };
  }
  const hint = inEtcd ? 'the etcd view and etcd steps ask the members themselves' : asDebug;
  if (subject === null || subject.names.length === 0) return refused(closed, null, exec, hint);
  const instead: Plan = {
    kind: 'debug',
    subject,
    target: container,
    image: settings.image,
    look: lookOf(inner),
  };
  return refused(closed, instead, exec, hint);
};

const unpinned = (image: string): readonly Remark[] =>
  image === '' || /@sha256:|:(?!latest$)[\w.-]+$/.test(image)
    ? []
    : [
        {
          severity: 'warning',
          rule: 'image',
          message: `the image ${clip(clean(image), 100)} is not pinned`,
          hint: 'name a version or a digest',
        },
      ];

/** `kubectl debug`, and a fence that says it is one: `look` is what the person types in it. */
export const debugPlan = (
  words: readonly Word[],
  settings: Settings,
  source: string,
): Classified => {
  const flags = readFlags(words, tables.debug);
  const [what] = flags.positionals;
  const slashed = what === undefined ? null : cutAt(what.value, '/');
  const subject = subjectOf(
    flags,
    what === undefined ? [] : [what],
    settings,
    slashed === null ? 'pod' : '',
  );
  if (subject === null || subject.names.length === 0) return byHand(source, 'change');
  const image = textOf(flags, 'image') || settings.image;
  return {
    ...reading(
      {
        kind: 'debug',
        subject,
        target: lastOf(flags, 'target') ?? lastOf(flags, 'container'),
        image,
        look: lookOf(flags.behind ?? []),
      },
      unpinned(image),
    ),
    // An ephemeral container stays in the pod until the pod goes.
    risk: 'change',
  };
};
