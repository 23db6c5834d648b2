import type { Template } from '../parameter.ts';
import type { Plan, ReadVerb } from '../plan.ts';
import type { Risk } from '../runbook.ts';
import { byHand, type Classified, reading, refused } from './classified.ts';
import { durationOf } from './duration.ts';
import { debugPlan, execPlan } from './exec-plan.ts';
import { type Flags, lastOf, readFlags, textOf } from './flags.ts';
import {
  beforeVerb,
  namesSecrets,
  outputOf,
  subjectOf,
  tables,
  usageShapeOf,
} from './kubectl-flags.ts';
import { logsPlan } from './logs-plan.ts';
import { type Settings, timeoutMost } from './settings.ts';
import { literal } from './template.ts';
import type { Word } from './words.ts';

/** Of two words where the first alone does not say enough. */
const twoWords: ReadonlySet<string> = new Set(['rollout', 'auth', 'adm', 'config', 'set']);

const readingVerbs: ReadonlyMap<string, ReadVerb> = new Map([
  ['get', 'get'],
  ['describe', 'describe'],
  ['top', 'top'],
  ['adm top', 'top'],
  ['events', 'events'],
  ['explain', 'explain'],
  ['version', 'version'],
  ['cluster-info', 'cluster-info'],
  ['api-resources', 'api-resources'],
  ['api-versions', 'api-versions'],
  ['rollout status', 'rollout status'],
  ['rollout history', 'rollout history'],
  ['auth can-i', 'auth can-i'],
  ['auth whoami', 'auth whoami'],
  ['whoami', 'auth whoami'],
]);

/** How much more than reading a verb is. What is not here is not known. */
const changing: Readonly<Record<string, Risk>> = {
  apply: 'change',
  create: 'change',
  label: 'change',
  annotate: 'change',
  patch: 'change',
  edit: 'change',
  replace: 'change',
  expose: 'change',
  autoscale: 'change',
  cordon: 'change',
  uncordon: 'change',
  'adm cordon': 'change',
  'adm uncordon': 'change',
  taint: 'change',
  'adm taint': 'change',
  scale: 'change',
  run: 'change',
  'rollout pause': 'change',
  'rollout resume': 'change',
  'rollout restart': 'disruptive',
  'rollout undo': 'disruptive',
  drain: 'disruptive',
  'adm drain': 'disruptive',
  evict: 'disruptive',
  delete: 'destructive',
};

interface Verb {
  readonly verb: string;
  /** Everything but the verb. */
  readonly words: readonly Word[];
}

const verbOf = (words: readonly Word[]): Verb => {
  const before = readFlags(words, beforeVerb, 1);
  const first = before.positionals[0];
  if (first === undefined) return { verb: '', words };
  const at = words.indexOf(first);
  const second = words[at + 1];
  const two = twoWords.has(first.text ?? '') && second?.text?.startsWith('-') === false;
  const verb = two ? `${first.text} ${second.text}` : (first.text ?? '');
  return { verb, words: [...words.slice(0, at), ...words.slice(at + (two ? 2 : 1))] };
};

const ownPath = 'it asks the API server by a path of its own';

const readPlan = (
  verb: ReadVerb,
  words: readonly Word[],
  settings: Settings,
  source: string,
): Classified => {
  const flags = readFlags(words, tables.get);
  if (flags.values.has('raw')) {
    const hint = 'the view of the control plane tells what readyz and livez say';
    return refused(ownPath, null, { severity: 'warning', rule: 'unknown-action' }, hint);
  }
  if (flags.unknown.length > 0 || flags.values.has('file') || flags.behind !== null) {
    return byHand(source, 'read');
  }
  const free = verb === 'explain' || verb === 'auth can-i';
  const none = /^(?:version|cluster-info|api-|auth whoami)/.test(verb);
  if (none && flags.positionals.length > 0) return byHand(source, 'read');
  const about = verb === 'events' ? forObject(flags) : flags.positionals;
  const subject = subjectOf(flags, free || none ? [] : about, settings);
  if (subject === null) return byHand(source, 'read');
  const needs = verb === 'get' || verb === 'describe' || verb.startsWith('rollout');
  if (needs && about.length === 0) return byHand(source, 'read', about.length > 0);
  if (namesSecrets(subject.resource)) {
    const why = 'a Secret is never shown';
    return refused(why, null, { severity: 'error', rule: 'secret' });
  }
  const plan: Plan = {
    kind: 'kubectl',
    verb,
    subject,
    fieldSelector: verb === 'events' ? typeOf(flags) : lastOf(flags, 'fieldSelector'),
    output: outputOf(flags),
    usage: usageShapeOf(flags),
    rest: free ? flags.positionals.map((w) => w.value) : [],
  };
  return reading(plan);
};

/** `--types=Warning`; several of them are all there are. */
const typeOf = (flags: Flags): Template | null => {
  const types = textOf(flags, 'types');
  return /^(?:Normal|Warning)$/.test(types) ? literal(`type=${types}`) : null;
};

const forObject = (flags: Flags): readonly Word[] => {
  const value = lastOf(flags, 'forObject');
  return value === null ? [] : [{ value, text: null }];
};

const waitPlan = (words: readonly Word[], settings: Settings, source: string): Classified => {
  const flags = readFlags(words, tables.wait);
  const subject = subjectOf(flags, flags.positionals, settings);
  const wanted = textOf(flags, 'for');
  const found = /^condition=([A-Za-z][\w.-]*)(?:=(true|false))?$/i.exec(wanted);
  if (subject === null || (found === null && wanted !== 'delete')) return byHand(source, 'read');
  const asked = durationOf(textOf(flags, 'timeout')) ?? settings.timeout;
  return reading({
    kind: 'watch',
    until:
      found === null
        ? { kind: 'gone', subject }
        : {
            kind: 'object',
            subject,
            condition: found[1] ?? '',
            status: found[2]?.toLowerCase() !== 'false',
          },
    within: asked > timeoutMost ? timeoutMost : asked,
  });
};

/** Deleting a pod that something makes again is less than deleting what is gone then. */
const riskOfChange = (verb: string, words: readonly Word[]): Risk => {
  const risk = changing[verb] ?? 'manual';
  const said = words.map((w) => w.text ?? '');
  if (verb === 'delete' && /^(?:po|pods?)(?:\/|$)/.test(said[0] ?? '')) return 'disruptive';
  if (verb === 'scale' && said.includes('--replicas=0')) return 'disruptive';
  return risk;
};

/** `kubectl` or `oc` and its words. */
export const kubectlPlan = (
  all: readonly Word[],
  settings: Settings,
  source: string,
  filter = '',
): Classified => {
  const { verb, words } = verbOf(all);
  const read = readingVerbs.get(verb);
  if (read !== undefined) return readPlan(read, words, settings, source);
  switch (verb) {
    case 'logs':
      return logsPlan(words, settings, source, filter);
    case 'exec':
    case 'rsh':
      return execPlan(words, settings, source);
    case 'attach':
    case 'cp':
    case 'rsync': {
      const why = `${verb} reaches into a container`;
      return refused(why, null, { severity: 'error', rule: 'exec' }, 'use a debug step');
    }
    case 'debug':
      return debugPlan(words, settings, source);
    case 'wait':
      return waitPlan(words, settings, source);
    default:
      return byHand(source, riskOfChange(verb, words), /^[a-z]/.test(verb));
  }
};
