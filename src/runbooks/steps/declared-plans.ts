import { clean } from '../markdown/clean.ts';
import type { Template } from '../parameter.ts';
import type { Condition, Plan, Subject } from '../plan.ts';
import { type Classified, reading } from './classified.ts';
import type { FenceSays } from './fence-attributes.ts';
import { comparisonAtEnd, promqlTemplate } from './promql.ts';
import { cutAt, literalOf } from './template.ts';
import { type Name, readCommand, type Word } from './words.ts';

const parameter = (name: string): Template => [{ kind: 'parameter', name }];

const placeOf = (text: string, name: Name): Template | null =>
  text === '' ? null : (readCommand(text, name).words[0]?.value ?? null);

/** A debug fence holds what to look at, and its attributes where; without them it is the pod of the alert. */
export const debugOf = (words: readonly Word[], says: FenceSays, name: Name): Classified => {
  const node = placeOf(says.attribute('node'), name);
  const pod = placeOf(says.attribute('pod'), name);
  const given = placeOf(says.settings.namespace, name);
  const common = (alias: string): Template =>
    parameter(name({ name: alias, written: `<${alias}>`, dollar: false }));
  const subject: Subject = {
    resource: node === null ? 'pod' : 'node',
    names: [node ?? pod ?? common('pod')],
    namespace: node === null ? (given ?? (pod === null ? common('namespace') : null)) : null,
    allNamespaces: false,
    selector: null,
  };
  const target = placeOf(says.attribute('container'), name);
  const look = words.map((w) => w.value);
  const plan: Plan = { kind: 'debug', subject, target, image: says.settings.image, look };
  return { ...reading(plan), risk: 'change' };
};

const objectOf = (word: Word | undefined, namespace: Template | null): Subject | null => {
  const cut = word === undefined ? null : cutAt(word.value, '/');
  const resource = cut === null ? null : literalOf(cut[0]);
  return cut === null || resource === null || resource === '' || cut[1].length === 0
    ? null
    : { resource, names: [cut[1]], namespace, allNamespaces: false, selector: null };
};

/** `-n <namespace>` among the words, and the rest. */
const withoutNamespace = (
  words: readonly Word[],
): { readonly rest: readonly Word[]; readonly namespace: Template | null } => {
  const at = words.findIndex((w) => w.text === '-n' || w.text === '--namespace');
  return at === -1
    ? { rest: words, namespace: null }
    : {
        rest: [...words.slice(0, at), ...words.slice(at + 2)],
        namespace: words[at + 1]?.value ?? null,
      };
};

/**
 * What a watch waits for: `resolved`, `resolved <alert>`, `healed`, `healed <finding>`, `quorum`, `quorum <etcd>`,
 * `gone pod/x`, `pod/x Ready`, `pod/x Ready=false`, or a query with a comparison. Null: none of it.
 */
export const conditionOf = (line: string, says: FenceSays, name: Name): Condition | null => {
  const { words } = readCommand(line, name);
  const found = withoutNamespace(words);
  const namespace = found.namespace ?? placeOf(says.settings.namespace, name);
  const [first, second, third] = found.rest;
  if (first?.text === 'resolved' && found.rest.length <= 2) {
    return { kind: 'resolved', alert: second?.value ?? null };
  }
  if (first?.text === 'healed' && found.rest.length <= 2) {
    return { kind: 'healed', finding: second?.value ?? null };
  }
  if (first?.text === 'quorum' && found.rest.length <= 2) {
    return { kind: 'quorum', cluster: second?.value ?? null };
  }
  if (first?.text === 'gone') {
    const subject = objectOf(second, namespace);
    return subject === null || third !== undefined ? null : { kind: 'gone', subject };
  }
  const subject = objectOf(first, namespace);
  const state = /^([A-Za-z][\w.-]*)(?:=(true|false))?$/i.exec(second?.text ?? '');
  if (subject !== null && state !== null && third === undefined) {
    const status = state[2]?.toLowerCase() !== 'false';
    return { kind: 'object', subject, condition: state[1] ?? '', status };
  }
  const compared = comparisonAtEnd(line.replace(/^query\s+/, ''));
  if (compared === null) return null;
  const { promql, is, value } = compared;
  return { kind: 'query', promql: promqlTemplate(promql, name), is, value };
};

/** `GET https://…` as a request; null when it is none. */
export const requestOf = (line: string, name: Name): Plan | null => {
  const { words } = readCommand(
    line
      .replace(/^GET\s+/i, '')
      .replaceAll('&', '\\&')
      .replaceAll('?', '\\?'),
    name,
  );
  const [url] = words;
  const start = url?.value[0];
  const web = start?.kind === 'text' && /^https?:\/\/./i.test(start.text);
  return words.length === 1 && url !== undefined && web ? { kind: 'http', url: url.value } : null;
};

/** Things to tick off, one a line. */
export const itemsOf = (code: string): Plan => ({
  kind: 'checklist',
  items: code
    .split('\n')
    .map((line) => clean(line.replace(/^\s*(?:[-*+]|\d+[.)])?\s*(?:\[[ xX]\])?\s*/, '').trim()))
    .filter((item) => item !== ''),
});

export interface ChoiceWay {
  readonly label: string;
  readonly to: string;
  /** Lines before it in the fence. */
  readonly before: number;
}

/** A question, and `answer -> step` on each further line. */
export const choiceOf = (
  code: string,
): { readonly question: string; readonly ways: readonly ChoiceWay[] } => {
  const lines = code.split('\n');
  const ways = lines.flatMap((line, before): readonly ChoiceWay[] => {
    const found = /^\s*(?:[-*+]\s+)?(.+?)\s*(?:->|→)\s*#?(\S+)\s*$/.exec(line);
    return found === null ? [] : [{ label: found[1] ?? '', to: found[2] ?? '', before }];
  });
  const question = lines.filter(
    (line, n) => line.trim() !== '' && !ways.some((w) => w.before === n),
  );
  return { question: question.join(' ').trim(), ways };
};
