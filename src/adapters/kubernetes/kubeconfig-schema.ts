import { z } from 'zod';

/** Absent and null are the same to kubectl. */
const text = z
  .string({ error: 'must be text; put it into quotes' })
  .nullish()
  .transform((value) => value ?? '');

const flag = z
  .union(
    [z.boolean(), z.enum(['yes', 'no', 'on', 'off']).transform((v) => v === 'yes' || v === 'on')],
    {
      error: 'must be true or false',
    },
  )
  .nullish()
  .transform((value) => value ?? false);

const list = <T extends z.ZodType>(of: T) =>
  z
    .array(of, { error: 'must be a list' })
    .nullish()
    .transform((value) => value ?? []);

const isBase64 = (value: string): boolean => {
  const compact = value.replace(/[\r\n]/g, '');
  return compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
};

/** Base64 in the file, text here. */
const data = text
  .refine(isBase64, { error: 'is not valid base64' })
  .transform((value) => Buffer.from(value, 'base64').toString('utf8'));

const extensions = list(z.object({ name: text, extension: z.unknown() }));

const clusterSchema = z.object({
  server: text,
  'tls-server-name': text,
  'insecure-skip-tls-verify': flag,
  'certificate-authority': text,
  'certificate-authority-data': data,
  'proxy-url': text,
  'disable-compression': flag,
  extensions,
});

const execSchema = z.object({
  apiVersion: text,
  command: text,
  args: list(z.string({ error: 'must be text; put it into quotes' })),
  env: list(z.object({ name: text, value: text })),
  installHint: text,
  provideClusterInfo: flag,
  interactiveMode: text,
});

const userSchema = z.object({
  'client-certificate': text,
  'client-certificate-data': data,
  'client-key': text,
  'client-key-data': data,
  token: text,
  tokenFile: text,
  as: text,
  'as-uid': text,
  'as-groups': list(z.string({ error: 'must be text; put it into quotes' })),
  'as-user-extra': z
    .record(z.string(), list(z.string()))
    .nullish()
    .transform((value) => value ?? {}),
  username: text,
  password: text,
  'auth-provider': z.object({ name: text }).nullish(),
  exec: execSchema.nullish(),
});

const contextSchema = z.object({ cluster: text, user: text, namespace: text });

const part = <T extends z.ZodType>(schema: T) => z.preprocess((value) => value ?? {}, schema);

export const kubeconfigSchema = z.object({
  kind: text.refine((kind) => kind === '' || kind === 'Config', { error: 'must be "Config"' }),
  apiVersion: text.refine((version) => version === '' || version === 'v1', {
    error: 'must be "v1"',
  }),
  'current-context': text,
  clusters: list(z.object({ name: text, cluster: part(clusterSchema) })),
  users: list(z.object({ name: text, user: part(userSchema) })),
  contexts: list(z.object({ name: text, context: part(contextSchema) })),
});

export type KubeconfigContents = z.infer<typeof kubeconfigSchema>;
export type ClusterEntry = z.infer<typeof clusterSchema>;
export type UserEntry = z.infer<typeof userSchema>;
export type ExecEntry = z.infer<typeof execSchema>;
export type ContextEntry = z.infer<typeof contextSchema>;
