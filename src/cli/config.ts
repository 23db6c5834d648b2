import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Failure, failed, failure, ok, type Result } from '../kernel/failure.ts';
import { globMatches } from '../kernel/glob.ts';
import { nearest } from '../kernel/spelling.ts';
import { policyConfigSchema } from './policy-config.ts';
import { policyIssues } from './policy-from-config.ts';
import { runbookConfigSchema } from './runbook-config.ts';
import {
  etcdConfigSchema,
  httpSourceSchema,
  lokiSourceSchema,
  webhookConfigSchema,
} from './source-config.ts';

const auditConfigSchema = z.strictObject({
  path: z.string().min(1).optional().meta({
    description: 'File of the audit. Default `$XDG_STATE_HOME/midwatch/audit.jsonl`.',
  }),
  seals: z.string().min(1).optional().meta({
    description:
      'File of its seals; best on another disk. Default `$XDG_DATA_HOME/midwatch/audit-seals.jsonl`.',
  }),
});

/**
 * What a person may set in `$XDG_CONFIG_HOME/midwatch/config.yaml`. midwatch never writes this file.
 * Every key is optional; an unknown one is an error with the nearest known name.
 */
export const configSchema = z.strictObject({
  theme: z
    .enum(['dark', 'light', 'contrast', 'none'])
    .optional()
    .meta({ description: 'Colours of the screen. NO_COLOR in the environment means none.' }),
  glyphs: z
    .enum(['auto', 'unicode', 'ascii'])
    .optional()
    .meta({ description: 'Signs of the screen; auto looks at the locale and TERM.' }),
  production: z.array(z.string()).optional().meta({
    description:
      'Contexts with a red badge, with * as wildcard. Default: names with "prod" in them.',
  }),
  aliases: z
    .record(z.string(), z.string())
    .optional()
    .meta({ description: 'Names for command mode: `dp: deployments`.' }),
  recordingLimit: z.number().int().min(1).optional().meta({
    description: 'MiB that a recording may take before its oldest part is dropped. Default 512.',
  }),
  etcd: z.array(etcdConfigSchema).optional().meta({
    description: 'etcd clusters to ask, besides those whose static pods are found.',
  }),
  alertmanagers: z.array(httpSourceSchema).optional().meta({
    description: 'Alertmanagers to ask, besides those whose services are found.',
  }),
  prometheus: z.array(httpSourceSchema).optional().meta({
    description: 'Prometheus servers to ask, besides those whose services are found.',
  }),
  loki: z.array(lokiSourceSchema).optional().meta({
    description: 'Loki servers to ask for logs that nodes no longer have: see docs/logs.md.',
  }),
  discover: z.boolean().optional().meta({
    description:
      'Look into the cluster for etcd members, Alertmanagers and Prometheus servers. Default true.',
  }),
  webhook: webhookConfigSchema.optional().meta({
    description: 'Listen for alerts that an Alertmanager pushes. Default: do not listen.',
  }),
  audit: auditConfigSchema.optional().meta({
    description: 'Where is written down what was done, before it is done.',
  }),
  runbooks: runbookConfigSchema.optional().meta({
    description: 'Where runbooks are, besides those that midwatch ships.',
  }),
  policy: policyConfigSchema
    .superRefine((policy, context) => {
      for (const { path, message } of policyIssues(policy))
        context.addIssue({ code: 'custom', path: [...path], message });
    })
    .optional()
    .meta({ description: 'What may be done where, and when: see docs/policy.md.' }),
});

export type Config = z.infer<typeof configSchema>;

export interface LoadedConfig {
  readonly path: string;
  /** False when there is no such file, which is fine. */
  readonly found: boolean;
  readonly config: Config;
}

type Env = Readonly<Record<string, string | undefined>>;

export const configPath = (env: Env): string =>
  join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'midwatch', 'config.yaml');

/** Reads the text of a configuration. Errors name the line and, for a misspelt key, the nearest one. */
export const parseConfig = (text: string, path: string): Result<Config> => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken !== undefined) {
    return failed(
      wrong(path, broken.linePos?.[0].line ?? 1, broken.message.split('\n')[0] ?? 'not YAML'),
    );
  }
  const written: unknown = document.toJS();
  if (written === null) return ok({});
  const parsed = configSchema.safeParse(written);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const at =
    issue?.code === 'unrecognized_keys'
      ? [...issue.path, issue.keys[0] ?? '']
      : (issue?.path ?? []);
  const line = lineOf(document, lines, at.map(String));
  if (issue?.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const close = nearest(key, knownKeys(issue.path));
    return failed(
      wrong(
        path,
        line,
        `unknown key "${key}"${close === undefined ? '' : `; did you mean "${close}"?`}`,
      ),
    );
  }
  return failed(wrong(path, line, `${at.join('.')}: ${issue?.message ?? 'not understood'}`));
};

/** Keys that may stand where a wrong one was found. */
const knownKeys = (path: readonly PropertyKey[]): readonly string[] => {
  let schema: z.core.$ZodType | undefined = configSchema;
  for (const key of [...path, null]) {
    while (schema instanceof z.ZodOptional) schema = schema.unwrap();
    if (key === null) break;
    if (schema instanceof z.ZodArray) schema = schema.element;
    else if (schema instanceof z.ZodObject) schema = schema.shape[String(key)];
    else return [];
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
};

const wrong = (path: string, line: number, message: string): Failure =>
  failure('misconfigured', 'read the configuration', `${path}:${line}: ${message}`, {
    on: path,
    hint: 'correct the line, or move the file away to start with the defaults',
  });

const lineOf = (
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: readonly string[],
): number => {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of path) {
    if (isSeq(node)) {
      node = node.items[Number(key)];
      const range = (node as { range?: readonly number[] } | undefined)?.range;
      if (range?.[0] !== undefined) offset = range[0];
      continue;
    }
    if (!isMap(node)) break;
    const pair = node.items.find(
      (p) => String((p.key as { value?: unknown }).value ?? p.key) === key,
    );
    const range = (pair?.key as { range?: readonly number[] } | undefined)?.range;
    if (range?.[0] !== undefined) offset = range[0];
    node = pair?.value;
  }
  return lines.linePos(offset).line;
};

export const loadConfig = (env: Env): Result<LoadedConfig> => {
  const path = configPath(env);
  const read = readConfig(path);
  // No file of one's own is no mistake.
  return !read.ok && read.failure.kind === 'absent' ? ok({ path, found: false, config: {} }) : read;
};

/** Reads one file. Fails with `absent` where there is none. */
export const readConfig = (path: string): Result<LoadedConfig> => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const absent = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    return failed(
      failure(
        absent ? 'absent' : 'misconfigured',
        'read the configuration',
        `${path}: ${(cause as Error).message}`,
        { on: path, hint: 'make it readable, or move it away' },
      ),
    );
  }
  const parsed = parseConfig(text, path);
  return parsed.ok ? ok({ path, found: true, config: parsed.value }) : parsed;
};

/** Is this a context whose mistakes are expensive? */
export const isProduction = (config: Config): ((context: string) => boolean) => {
  const patterns = config.production ?? ['*prod*'];
  // "non-prod" and "preprod" say the opposite of what the wildcard sees in them.
  const spared = config.production === undefined ? /non-?prod|pre-?prod/i : null;
  return (context) =>
    patterns.some((p) => globMatches(p, context)) && spared?.test(context) !== true;
};
