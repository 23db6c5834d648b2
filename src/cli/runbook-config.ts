import { homedir } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';

const text = z.string().min(1).max(1000);

const configMapName =
  /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\/[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Where runbooks are, besides those that midwatch ships. */
export const runbookConfigSchema = z.strictObject({
  folders: z.array(text).max(50).optional().meta({
    description: 'Folders of Markdown runbooks, also working copies of git; the first wins.',
  }),
  configMaps: z
    .array(z.string().regex(configMapName, 'write it as namespace/name'))
    .max(20)
    .optional()
    .meta({
      description:
        'ConfigMaps with runbooks, as `namespace/name`: each key that ends in `.md` is one. They come after folders. A session reads them from its cluster every 10 minutes; commands with `--cluster`.',
    }),
  prefixes: z
    .array(z.strictObject({ from: text, to: text }))
    .max(200)
    .optional()
    .meta({
      description:
        'Addresses as folders: `{from: "https://host/runbooks/", to: /srv/runbooks}`; `*` in `from` is one part of the path. The longest wins.',
    }),
  fetch: z.boolean().optional().meta({
    description: 'Fetch runbooks that no prefix maps, from `allowHosts` only. Default false.',
  }),
  allowHosts: z.array(text).max(100).optional().meta({
    description:
      'Hosts that runbooks may be fetched from over https, with `fetch`: `host`, `*.host`, `host:port`. Steps of type `http` may ask the same hosts, over http too, also while `fetch` is off: a host in this list may be asked by a runbook.',
  }),
});
export type RunbookConfig = z.infer<typeof runbookConfigSchema>;

export interface RunbookSettings {
  /** Absolute. */
  readonly folders: readonly string[];
  /** `namespace/name` */
  readonly configMaps?: readonly string[];
  readonly prefixes: readonly { readonly from: string; readonly to: string }[];
  readonly fetch: boolean;
  readonly allowHosts: readonly string[];
}

/** A path as a person writes it: `~/x` is in the home directory, others are beside the configuration. */
const absolute = (path: string, beside: string, home: string): string => {
  const full = path === '~' || path.startsWith('~/') ? `${home}${path.slice(1)}` : path;
  return (isAbsolute(full) ? full : resolve(beside, full)).replace(/(?<=.)\/+$/, '');
};

/** `beside`: the folder of the file of the configuration. */
export const runbookSettings = (
  config: RunbookConfig | undefined,
  beside: string,
  home: string = homedir(),
): RunbookSettings => ({
  folders: (config?.folders ?? []).map((folder) => absolute(folder, beside, home)),
  configMaps: config?.configMaps ?? [],
  prefixes: (config?.prefixes ?? []).map(({ from, to }) => ({
    from,
    to: absolute(to, beside, home),
  })),
  fetch: config?.fetch ?? false,
  allowHosts: config?.allowHosts ?? [],
});
