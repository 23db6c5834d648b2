import type { Labels } from '../../kernel/alert-fact.ts';
import { labelOf } from '../../kernel/matchers.ts';
import { clip, type PlainText, plainText } from '../../kernel/text.ts';
import type { Commit } from './library.ts';

/** Annotations in which a rule may say which commit of its runbook it was written with. */
export const commitAnnotations = [
  'runbook_commit',
  'runbook_revision',
  'git_commit',
  'commit',
  'revision',
] as const;

/** Annotations with the address of a runbook. */
export const runbookAnnotations = ['runbook_url', 'runbook', 'runbookUrl'] as const;

export type CommitAnnotation =
  /** `by`: the annotation, or the address itself that names a commit. */
  | { readonly kind: 'told'; readonly id: string; readonly by: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'wrong'; readonly by: string; readonly written: PlainText };

const hex = /^[0-9a-f]{7,64}$/i;
const inAddress = /\/(?:-\/)?(?:blob|raw|tree|src\/commit)\/([0-9a-f]{7,64})\//i;

export const commitAnnotation = (annotations: Labels): CommitAnnotation => {
  for (const by of commitAnnotations) {
    const written = labelOf(annotations, by).trim();
    if (written === '') continue;
    return hex.test(written)
      ? { kind: 'told', id: written.toLowerCase(), by }
      : { kind: 'wrong', by, written: clip(plainText(written), 100) };
  }
  for (const by of runbookAnnotations) {
    const id = inAddress.exec(labelOf(annotations, by))?.[1];
    if (id !== undefined) return { kind: 'told', id: id.toLowerCase(), by };
  }
  return { kind: 'missing' };
};

/** Whether the runbook that is read is the one that the rule was written with; null when one of both is not known. */
export const commitAgrees = (told: CommitAnnotation, commit: Commit): boolean | null => {
  if (told.kind !== 'told' || commit.kind !== 'commit') return null;
  return commit.id.startsWith(told.id) || told.id.startsWith(commit.id);
};
