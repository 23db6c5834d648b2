import { catalogue } from '../src/actions/catalogue.ts';
import { guards } from '../src/actions/guards/index.ts';
import { configSchema } from '../src/cli/config.ts';
import {
  actKeys,
  alertKeys,
  type Binding,
  debugKeys,
  globalKeys,
  liveKeys,
  replayKeys,
  tableKeys,
  walkingKeys,
} from '../src/views/keymap.ts';
import { logKeys } from '../src/views/logs/log-keys.ts';
import { sentByActions } from './sent-by-actions.ts';

const made = '<!-- Made by `npm run docs`; do not edit. -->';

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const keyText = (key: string): string => `\`${key === '|' ? '\\|' : key}\``;

const keyRows = (bindings: readonly Binding[]): readonly (readonly string[])[] =>
  bindings.map((b) => [b.keys.map(keyText).join(' '), b.label, b.group]);

const keysPage = (): string => `${made}

# Keys

Fingers that know k9s find most of them where they are.

## Everywhere

${table(['key', 'does', 'group'], keyRows(globalKeys))}

## In lists of objects

${table(['key', 'does', 'group'], keyRows(tableKeys))}

## Over alerts

${table(['key', 'does', 'group'], keyRows(alertKeys))}

## Over an action

Esc declines what waits for an answer; while something runs it first tells what giving up means, and gives up when it is
pressed again.

${table(['key', 'does', 'group'], keyRows(actKeys))}

## Over logs

Digits are windows, within what the policy has. Without a filter the keys for matches go from error to error.

${table(['key', 'does', 'group'], keyRows(logKeys))}

## Over what debugging has left behind

\`:debugs\` lists it. \`s\` joins what runs, and never adds another one.

${table(['key', 'does', 'group'], keyRows(debugKeys))}

## In a runbook

${table(['key', 'does', 'group'], keyRows(walkingKeys))}

## In replay

${table(['key', 'does', 'group'], keyRows(replayKeys))}

## In a live session

${table(['key', 'does', 'group'], keyRows(liveKeys))}
`;

const actionsPage = (): string => `${made}

# Actions

Every action goes through the same door: what would be sent is shown, all guards are asked, and somebody agrees to it.

${table(
  ['action', 'key', 'command', 'on', 'what it does', 'elsewhere'],
  catalogue.map((a) => [
    a.title,
    a.keys.map(keyText).join(' '),
    [a.id, ...a.aliases].map((name) => `\`:${name}\``).join(' '),
    a.resources.join(', ') || 'anything',
    a.availability.kind === 'closed'
      ? a.availability.why
      : { read: 'reads', write: 'changes', session: 'joins a terminal' }[
          a.availability.definition.effect
        ],
    `\`${a.elsewhere}\``,
  ]),
)}

## What is sent

These are the requests that actions send, and what the server has to allow. Connections that write are apart from those
that watch, are opened at the first action, and know these shapes and no others; in a read-only session they let
nothing pass that changes anything. The uid of what was looked at goes with every change of an object: the server
refuses it where another object has taken the name. Where the line breaks after a request has left, the result is
*unknown*: look before it is tried again. The next screen, or command that acts, tells what is there now
([audit](audit.md#acts-whose-end-nobody-knows)). Where a connection is refused, nothing has left: it has *failed*.

${table(['action', 'sends', 'rights'], sentByActions())}

Silences go to Alertmanagers on the way they are watched: straight, through a port-forward, or through the API server's
proxy, which takes the rights to \`create\` and \`delete\` \`services/proxy\` or \`pods/proxy\`. Besides these,
\`logs\` and \`debug\` build what they send from what they find: the pods that are there, and the container that fits.

## What is asked before

${table(
  ['guard', 'watches over'],
  guards.map((g) => [`\`${g.id}\``, g.title]),
)}
`;

interface JsonSchema {
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

const typeText = (schema: JsonSchema): string => {
  if (schema.enum !== undefined) return schema.enum.map(String).join(', ');
  return schema.type === 'array' ? `list of ${typeText(schema.items ?? {})}` : String(schema.type);
};

const configurationRows = (properties: JsonSchema['properties'] = {}) =>
  Object.entries(properties).map(([key, schema]) => [
    `\`${key}\``,
    typeText(schema),
    schema.description ?? '',
  ]);

/** Keys that hold objects of their own, each with a table of what may stand in it. */
const nested = (properties: JsonSchema['properties'] = {}, within = ''): string =>
  Object.entries(properties)
    .flatMap(([name, schema]) => {
      const inner = schema.properties ?? schema.items?.properties;
      if (inner === undefined) return [];
      const key = `${within}${name}`;
      const many = schema.type === 'array' ? 'Each entry of' : 'In';
      const deeper = nested(inner, `${key}.`);
      return [
        `## \`${key}\`\n\n${many} \`${key}\`:\n\n${table(['key', 'value', 'what it does'], configurationRows(inner))}\n`,
        ...(deeper === '' ? [] : [deeper]),
      ];
    })
    .join('\n');

const configurationPage = (): string => {
  const { properties } = configSchema.toJSONSchema() as JsonSchema;
  return `${made}

# Configuration

\`$XDG_CONFIG_HOME/midwatch/config.yaml\`, else \`~/.config/midwatch/config.yaml\`. midwatch reads it and never writes it.
Every key is optional. A mistake is told with its line, and with the nearest known name. Secrets stay in files of
their own: nothing in this file is one.

${table(['key', 'value', 'what it does'], configurationRows(properties))}

${nested(properties)}`;
};

/** Name and text of each page. */
export const referencePages = (): ReadonlyMap<string, string> =>
  new Map([
    ['keys.md', keysPage()],
    ['actions.md', actionsPage()],
    ['configuration.md', configurationPage()],
  ]);
