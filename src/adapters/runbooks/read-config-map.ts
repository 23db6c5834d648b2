import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import {
  type Failure,
  type FailureKind,
  failed,
  failure,
  ok,
  type Result,
} from '../../kernel/failure.ts';
import type { KubernetesPort } from '../../kernel/ports.ts';
import { clip, plainText } from '../../kernel/text.ts';
import { type Milliseconds, seconds } from '../../kernel/units.ts';
import { deadline, orAbort } from '../http/deadline.ts';
import { type FolderFile, fileMost } from './read-folder.ts';

/** Runbooks of one ConfigMap; the others are told as left out. */
export const keysMost = 200;
/** A whole answer, connecting included. */
export const configMapWithin: Milliseconds = seconds(5);
const problemsMost = 20;
const messageMost = 500;
const op = 'read runbooks';

export interface ConfigMapFile<Card> extends FolderFile<Card> {
  readonly text: string;
}

export interface ConfigMapRead<Card> {
  /** The resourceVersion of what was read. */
  readonly version: string;
  /** By key. */
  readonly files: readonly ConfigMapFile<Card>[];
  /** What is there and was left out, in words; at most a few. */
  readonly problems: readonly string[];
}

const configMapSchema = z.object({
  metadata: z.object({
    resourceVersion: z.string().max(100),
    creationTimestamp: z.string().optional(),
    managedFields: z.array(z.object({ time: z.string().optional() })).optional(),
  }),
  data: z.record(z.string(), z.string()).nullish(),
  binaryData: z.record(z.string(), z.unknown()).nullish(),
});

/** `configmap namespace/name`: how it is called in lists, in runs and in messages. */
export const configMapTitle = (name: string): string => `configmap ${name}`;

const isRunbook = (key: string): boolean => key.endsWith('.md');

const hintOf = (kind: FailureKind, name: string): string | undefined => {
  const [namespace, own] = name.split('/');
  switch (kind) {
    case 'forbidden':
      return `let this user get it: kubectl auth can-i get configmap/${own} -n ${namespace}`;
    case 'absent':
      return 'create it, or correct runbooks.configMaps';
    default:
      return undefined;
  }
};

const told = ({ kind, message, status, hint }: Failure, name: string): Failure => {
  const next = hintOf(kind, name) ?? hint;
  return failure(kind, op, clip(plainText(message), messageMost), {
    on: configMapTitle(name),
    ...(status === undefined ? {} : { status }),
    ...(next === undefined ? {} : { hint: next }),
  });
};

/** When it was last written, epoch milliseconds; 0 when the server does not say. */
const writtenAt = ({ metadata }: z.infer<typeof configMapSchema>): number =>
  Math.max(
    0,
    ...[metadata.creationTimestamp, ...(metadata.managedFields ?? []).map((f) => f.time)]
      .map((time) => Date.parse(time ?? ''))
      .filter((at) => !Number.isNaN(at)),
  );

const decoded = (body: string): z.infer<typeof configMapSchema> | null => {
  try {
    const parsed = configMapSchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
};

/**
 * Markdown texts of a ConfigMap and what is made of each: keys that end in `.md`, at most `keysMost` of them and
 * `fileMost` bytes each. What is left out is told, and does not hide the rest.
 * @param name `namespace/name`.
 */
export const readConfigMap = async <Card>(
  name: string,
  cardOf: (text: string, path: string) => Card,
  {
    kubernetes,
    clock,
  }: { readonly kubernetes: Pick<KubernetesPort, 'get'>; readonly clock: Clock },
  signal: AbortSignal,
): Promise<Result<ConfigMapRead<Card>>> => {
  const [namespace = '', own = ''] = name.split('/').map(encodeURIComponent);
  const path = `/api/v1/namespaces/${namespace}/configmaps/${own}`;
  const limit = deadline(clock, configMapWithin, signal);
  let answer: Result<string>;
  try {
    answer = await orAbort(kubernetes.get(path, limit.signal), limit.signal, () => {});
  } catch {
    answer = failed(failure('ended', op, 'cancelled by midwatch'));
  } finally {
    limit.end();
  }
  if (!answer.ok) {
    const late = failure('timeout', op, `no answer within ${configMapWithin / 1000} s`);
    return failed(told(limit.late ? late : answer.failure, name));
  }
  const map = decoded(answer.value);
  if (map === null) {
    return failed(told(failure('undecodable', op, 'the answer is no ConfigMap'), name));
  }
  const problems: string[] = [];
  const tell = (words: string): void => {
    if (problems.length < problemsMost) problems.push(words);
  };
  const modified = writtenAt(map);
  const files: ConfigMapFile<Card>[] = [];
  const keys = Object.keys(map.data ?? {})
    .filter(isRunbook)
    .sort();
  for (const key of keys.slice(0, keysMost)) {
    const text = map.data?.[key] ?? '';
    if (Buffer.byteLength(text) > fileMost) {
      tell(`${key} is larger than ${fileMost / 1024 / 1024} MiB`);
    } else files.push({ path: key, modified, text, card: cardOf(text, key) });
  }
  if (keys.length > keysMost) tell(`more than ${keysMost} runbooks: the others are left out`);
  for (const key of Object.keys(map.binaryData ?? {})
    .filter(isRunbook)
    .sort()) {
    tell(`${key} is binary data, and no text`);
  }
  if (keys.length === 0) tell('it has no key that ends in .md');
  return ok({ version: map.metadata.resourceVersion, files, problems });
};
