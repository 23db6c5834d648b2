import { type Document, isNode, LineCounter, parseAllDocuments } from 'yaml';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { plainText } from '../../kernel/text.ts';
import { type KubeconfigContents, kubeconfigSchema } from './kubeconfig-schema.ts';

/** A kubeconfig larger than this is something else. */
const longest = 16 * 1024 * 1024;

const wrong = (path: string, line: number | null, message: string, hint?: string) =>
  failed(
    failure('misconfigured', 'read kubeconfig', plainText(message), {
      on: line === null ? path : `${path}:${line}`,
      ...(hint === undefined ? {} : { hint }),
    }),
  );

/** Line of the deepest node on the way to a field that exists in the document. */
const lineOf = (
  doc: Document,
  lines: LineCounter,
  field: readonly PropertyKey[],
): number | null => {
  for (let depth = field.length; depth >= 0; depth -= 1) {
    const node: unknown = depth === 0 ? doc.contents : doc.getIn(field.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return null;
};

const fieldText = (field: readonly PropertyKey[]): string =>
  field.reduce<string>(
    (out, key) =>
      typeof key === 'number' ? `${out}[${key}]` : `${out}${out === '' ? '' : '.'}${String(key)}`,
    '',
  );

/** The first name that occurs twice in a list, with its place. */
const duplicate = (names: readonly { readonly name: string }[]): number | null => {
  const seen = new Set<string>();
  for (const [i, { name }] of names.entries()) {
    if (seen.has(name)) return i;
    seen.add(name);
  }
  return null;
};

/**
 * One kubeconfig file, decoded as kubectl does: unknown fields are ignored, of several documents the first counts,
 * an empty file is an empty configuration. Failures name the line and the field. Never throws.
 */
export const parseKubeconfig = (path: string, text: string): Result<KubeconfigContents> => {
  if (text.length > longest) return wrong(path, null, 'the file is too large for a kubeconfig');
  const lines = new LineCounter();
  try {
    const documents = parseAllDocuments(text, {
      lineCounter: lines,
      merge: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    // A list without documents stands for an empty file.
    const doc = Array.isArray(documents) ? documents[0] : undefined;
    if (doc === undefined) return ok(kubeconfigSchema.parse({}));
    const [error] = doc.errors;
    if (error !== undefined) {
      const at = lines.linePos(error.pos[0]).line;
      return wrong(
        path,
        at,
        `not valid YAML: ${error.message}`,
        'kubectl config view shows it too',
      );
    }
    const value: unknown = doc.toJS({ maxAliasCount: 1000 }) ?? {};
    const parsed = kubeconfigSchema.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const field = issue?.path ?? [];
      const line = lineOf(doc, lines, field);
      const said =
        field.length === 0
          ? 'the file is not a kubeconfig'
          : `${fieldText(field)} ${issue?.message ?? 'is wrong'}`;
      return wrong(path, line, said);
    }
    for (const list of ['clusters', 'users', 'contexts'] as const) {
      const twice = duplicate(parsed.data[list]);
      if (twice === null) continue;
      const line = lineOf(doc, lines, [list, twice]);
      const name = parsed.data[list][twice]?.name;
      return wrong(
        path,
        line,
        `${list} has "${name}" twice in one file`,
        'remove one of the two; kubectl refuses the file as well',
      );
    }
    return ok(parsed.data);
  } catch (error) {
    return wrong(path, null, `not valid YAML: ${(error as Error).message}`);
  }
};
