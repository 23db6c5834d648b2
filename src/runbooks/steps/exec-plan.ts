import { clip } from '../../kernel/text.ts';
import { clean } from '../markdown/clean.ts';
import type { Plan } from '../plan.ts';
import { byHand, type Classified, type Remark, reading, refused } from './classified.ts';
import { etcdPlan } from './etcd-plan.ts';
import { type Flags, lastOf, readFlags, textOf } from './flags.ts';
import { subjectOf, tables } from './kubectl-flags.ts';
import type { Settings } from './settings.ts';
import { cutAt, literalOf } from './template.ts';
import type { Word } from './words.ts';

const exec = { severity: 'error', rule: 'exec' } as const;
const closed = 'no command is run inside a container';
const asDebug = 'an ephemeral debug container sees the same processes and files';

/** `sh -c "etcdctl …"` and `env X=1 etcdctl …` are still etcdctl; a shell alone is a prompt. */
const innerCommand = (words: readonly Word[]): readonly Word[] => {
  const at = words.findIndex((w) => /(?:^|\/)etcdctl$/.test(w.text ?? ''));
  return at === -1 || !words.slice(0, at).every((w) => w.text !== 'sh' && w.text !== 'bash')
    ? words
    : words.slice(at);
};

/** The pod, its flags, and the command that would be run in it; `--` stands between them, or nothing. */
const apart = (
  words: readonly Word[],
): { readonly flags: Flags; readonly pod: Word | undefined; readonly inner: readonly Word[] } => {
  const at = words.findIndex((w) => w.text === '--');
  if (at !== -1) {
    const flags = readFlags(words.slice(0, at), tables.exec);
    return { flags, pod: flags.positionals[0], inner: words.slice(at + 1) };
  }
  const flags = readFlags(words, tables.exec, 2);
  const [pod, command] = flags.positionals;
  return {
    flags,
    pod,
    inner: command === undefined ? [] : [command, ...(flags.behind ?? [])],
  };
};

/** `kubectl exec` and `oc rsh`, and what does the same without entering the container. */
export const execPlan = (
  words: readonly Word[],
  settings: Settings,
  source: string,
): Classified => {
  const { flags, pod, inner: written } = apart(words);
  const kind = pod === undefined || cutAt(pod.value, '/') === null ? 'pod' : '';
  const subject = subjectOf(flags, pod === undefined ? [] : [pod], settings, kind);
  const inner = innerCommand(written);
  const container = lastOf(flags, 'container');
  if (inner[0]?.text?.endsWith('etcdctl') === true) {
    const asked = etcdPlan(inner.slice(1), source, subject?.names[0] ?? null);
    const instead = asked.plan.kind === 'etcd' ? asked.plan : null;
    const hint = instead === null ? '' : `etcd is asked itself: etcd ${instead.call}`;
    const said = refused(closed, instead, exec, hint, asked.risk);
    return { ...said, remarks: [...said.remarks, ...asked.remarks] };
  }
  const inEtcd = /etcdctl|^etcd$/.test(container === null ? '' : (literalOf(container) ?? ''));
  const hint = inEtcd ? 'etcd steps ask the members themselves' : asDebug;
  if (subject === null || subject.names.length === 0) return refused(closed, null, exec, hint);
  const look = inner.map((w) => w.value);
  const image = settings.image;
  const instead: Plan = { kind: 'debug', subject, target: container, image, look };
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
        look: (flags.behind ?? []).map((w) => w.value),
      },
      unpinned(image),
    ),
    // An ephemeral container stays in the pod until the pod goes.
    risk: 'change',
  };
};
