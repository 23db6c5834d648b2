import { z } from 'zod';

const text = z.string().min(1).max(1000);
const file = text;

const tls = {
  caFile: file
    .optional()
    .meta({ description: 'PEM file of the authority that signed the server.' }),
  certFile: file.optional().meta({ description: 'PEM file of the client certificate.' }),
  keyFile: file.optional().meta({ description: 'PEM file of its key.' }),
  serverName: text.optional().meta({
    description: 'Name that the certificate must have, where it is not the host of the URL.',
  }),
  insecureSkipVerify: z
    .boolean()
    .optional()
    .meta({ description: 'Accept any certificate. For a laptop, not for production.' }),
};

const shared = {
  name: text.optional().meta({ description: 'What it is called on the screen.' }),
  contexts: z.array(text).optional().meta({
    description: 'Contexts that it belongs to, with * as wildcard. Default: all.',
  }),
};

/** One etcd cluster. */
export const etcdConfigSchema = z.strictObject({
  ...shared,
  endpoints: z.array(text).min(1).meta({ description: 'Client URLs; one that answers is enough.' }),
  ...tls,
});
export type EtcdConfig = z.infer<typeof etcdConfigSchema>;

/** One Alertmanager or Prometheus; exactly one of `url`, `service` and `pod` says the way to it. */
export const httpSourceSchema = z
  .strictObject({
    ...shared,
    url: text.optional().meta({ description: 'Reached directly; a path prefix stays.' }),
    service: text.optional().meta({
      description: 'Through the API server: `namespace/name:port`.',
    }),
    pod: text.optional().meta({ description: 'Through a port-forward: `namespace/name:port`.' }),
    scheme: z
      .enum(['http', 'https'])
      .optional()
      .meta({ description: 'Of a service or pod. Default http.' }),
    path: text.optional().meta({ description: 'Prefix of a service or pod, e.g. /alertmanager.' }),
    username: text.optional().meta({ description: 'For basic authentication.' }),
    passwordFile: file.optional().meta({ description: 'File with the password.' }),
    tokenFile: file.optional().meta({ description: 'File with a bearer token.' }),
    ...tls,
  })
  .refine((s) => [s.url, s.service, s.pod].filter((way) => way !== undefined).length === 1, {
    message: 'give exactly one of url, service and pod',
  })
  .refine((s) => (s.username === undefined) === (s.passwordFile === undefined), {
    message: 'username and passwordFile belong together',
  })
  .refine((s) => s.username === undefined || s.tokenFile === undefined, {
    message: 'either username or tokenFile, not both',
  })
  .refine((s) => s.url === undefined || (s.scheme === undefined && s.path === undefined), {
    message: 'scheme and path are part of the url',
  });
export type HttpSourceConfig = z.infer<typeof httpSourceSchema>;

/** What a Loki takes for one tenant: 150 signs, none of them one that a path or a header could stumble over. */
const tenantName = String.raw`(?!\.{1,2}(?:\||$))[\w!.*'()-]{1,150}`;

/** One Loki. Several tenants with `|` between them are asked at once, where it allows that. */
export const lokiSourceSchema = httpSourceSchema.safeExtend({
  tenant: z
    .string()
    .regex(new RegExp(`^${tenantName}(?:[|]${tenantName})*$`), {
      message:
        "a tenant is made of letters, digits and !-_.*'(), 150 at most; several have | between",
    })
    .optional()
    .meta({
      description:
        'Tenant that is asked (`X-Scope-OrgID`), where the Loki keeps those of several; `a|b` for more than one.',
    }),
});
export type LokiSourceConfig = z.infer<typeof lokiSourceSchema>;

/** Receiver of Alertmanager's webhook. */
export const webhookConfigSchema = z.strictObject({
  listen: text.meta({ description: '`:9099` for loopback only, or `host:port`.' }),
  tokenFile: file.optional().meta({
    description: 'File with the token that senders must show; required beyond loopback.',
  }),
});
