import { compilePattern } from '../../kernel/pattern.ts';
import { nearest } from '../../kernel/spelling.ts';
import { diagnostic, type Report } from '../diagnose.ts';
import { clean } from '../markdown/clean.ts';
import type { FrontMatterRead, VariableWritten } from '../markdown/front-matter.ts';
import {
  type Parameter,
  type ParameterFrom,
  type ParameterType,
  parameterTypes,
} from '../parameter.ts';
import type { Slot } from './map-plan.ts';
import type { Placeholder } from './placeholder.ts';

interface Common {
  readonly names: string;
  readonly type: ParameterType;
  readonly from: readonly ParameterFrom[];
}

const label = (name: string): ParameterFrom => ({ kind: 'label', name });
const named = (
  name: string,
  names: string,
  type: ParameterType = 'name',
): readonly [string, Common] => [name, { names, type, from: [label(name)] }];

/**
 * Names that runbooks use for what alerts tell in a label of a known name. `job` is not among the names of a Job: that
 * label is the job of the scrape.
 */
const common: ReadonlyMap<string, Common> = new Map([
  named(
    'namespace',
    'namespace ns project namespace_name project_name your_namespace pod_namespace',
    'namespace',
  ),
  named('pod', 'pod pod_name podname your_pod'),
  named('container', 'container container_name'),
  named('node', 'node node_name nodename'),
  named('deployment', 'deployment deployment_name deploy deploy_name'),
  named('statefulset', 'statefulset statefulset_name sts'),
  named('daemonset', 'daemonset daemonset_name ds'),
  named('replicaset', 'replicaset replicaset_name rs'),
  named('job_name', 'job_name'),
  named('cronjob', 'cronjob cronjob_name'),
  named('horizontalpodautoscaler', 'horizontalpodautoscaler hpa hpa_name'),
  named('persistentvolumeclaim', 'persistentvolumeclaim pvc pvc_name persistentvolumeclaim_name'),
  named('persistentvolume', 'persistentvolume pv pv_name'),
  named('service', 'service svc service_name svc_name'),
  named('instance', 'instance', 'address'),
  named('alertname', 'alertname alert_name', 'text'),
  [
    'context',
    { names: 'context kube_context', type: 'text', from: [{ kind: 'world', key: 'context' }] },
  ],
  [
    'cluster',
    {
      names: 'cluster cluster_name',
      type: 'text',
      from: [label('cluster'), { kind: 'world', key: 'cluster' }],
    },
  ],
]);

const byAlias: ReadonlyMap<string, string> = new Map(
  [...common].flatMap(([name, { names }]) => names.split(' ').map((alias) => [alias, name])),
);

/** `Pod-Name` and `POD_NAME` are the same. */
const simplified = (written: string): string =>
  written
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');

const typeOfSlot: Readonly<Record<Slot, ParameterType>> = {
  name: 'name',
  namespace: 'namespace',
  container: 'name',
  selector: 'label',
  promql: 'text',
  url: 'text',
  member: 'address',
  argument: 'number',
  alert: 'text',
  word: 'text',
};

/** `labels.pod`, `world.etcd.leader`, `steps.B2.json`. */
export const readFrom = (text: string, path: string): ParameterFrom | null => {
  const found = /^\$?\.?(labels|annotations|world|steps|tasks)\.(.+)$/i.exec(text.trim());
  const rest = found?.[2] ?? '';
  switch (found?.[1]?.toLowerCase()) {
    case 'labels':
      return label(rest);
    case 'annotations':
      return { kind: 'annotation', name: rest };
    case 'world':
      return { kind: 'world', key: rest };
    case 'steps':
    case 'tasks':
      return { kind: 'task', task: rest.replace(/\.(?:json|output)$/, ''), path };
    default:
      return text.trim() === 'asked' ? { kind: 'asked' } : null;
  }
};

interface Used {
  readonly written: string;
  readonly line: number;
  /** What the placeholder itself says, e.g. `labels.pod`; null when it is a name only. */
  readonly from: ParameterFrom | null;
}

/** Parameters of one runbook, as its placeholders are met. */
export class ParameterBook {
  readonly #declared: ReadonlyMap<string, VariableWritten>;
  readonly #front: FrontMatterRead;
  readonly #report: Report;
  readonly #used = new Map<string, Used>();
  readonly #slots = new Map<string, Slot>();

  constructor(front: FrontMatterRead, report: Report) {
    this.#front = front;
    this.#report = report;
    this.#declared = new Map(Object.entries(front.front.vars ?? {}));
  }

  /** Names for the placeholders of a line. Different spellings of one thing are one parameter. */
  naming(line: number): (placeholder: Placeholder) => string {
    return (placeholder) => {
      const from = readFrom(placeholder.name, '');
      const bare = placeholder.name.replace(/^\$?\.?(?:vars)\./, '');
      const name = from === null ? this.#nameOf(bare) : this.#nameFrom(from);
      if (!this.#used.has(name)) this.#used.set(name, { written: placeholder.written, line, from });
      return name;
    };
  }

  #nameOf(written: string): string {
    if (this.#declared.has(written)) return written;
    const simple = simplified(written);
    const known = byAlias.get(simple) ?? simple;
    // `ns` may be declared where `<namespace>` is written.
    const declared = [...this.#declared].find(([name, said]) => {
      const own = simplified(name);
      return own === simple || byAlias.get(own) === known || said.from?.[0] === `labels.${known}`;
    });
    return declared?.[0] ?? (known || 'value');
  }

  #nameFrom(from: ParameterFrom): string {
    if (from.kind === 'label' && common.has(from.name)) return this.#nameOf(from.name);
    switch (from.kind) {
      case 'label':
      case 'annotation':
        return `${from.kind}s.${from.name}`;
      case 'world':
        return `world.${from.key}`;
      default:
        return from.kind === 'task' ? `tasks.${from.task}` : 'value';
    }
  }

  /** Tells that a plan has a use for it; parameters that none has are not asked for. */
  needed(slots: ReadonlyMap<string, Slot>): void {
    for (const [name, slot] of slots) if (!this.#slots.has(name)) this.#slots.set(name, slot);
  }

  /** Declared ones first, in their order, then the others as they come. */
  all(): readonly Parameter[] {
    const declared = [...this.#declared].map(([name, said]) => this.#declaredOne(name, said));
    const others = [...this.#slots]
      .filter(([name]) => !this.#declared.has(name))
      .map(([name, slot]) => this.#plainOne(name, slot));
    return [...declared, ...others];
  }

  #plainOne(name: string, slot: Slot): Parameter {
    const used = this.#used.get(name);
    const known = common.get(name);
    const from = used?.from ?? null;
    return {
      name,
      type: known?.type ?? typeOfSlot[slot],
      from: [...(from === null ? (known?.from ?? []) : [from]), { kind: 'asked' }],
      pattern: '',
      fallback: null,
      required: true,
      description: clean(''),
      written: clean(used?.written ?? name),
      line: used?.line ?? 1,
    };
  }

  #declaredOne(name: string, said: VariableWritten): Parameter {
    const line = this.#front.lineOf(['vars', name]);
    const wrong = (message: string, hint = ''): void =>
      this.#report(diagnostic('error', 'parameter', { line, col: 1 }, message, hint));
    const from = (said.from ?? []).flatMap((text) => {
      const read = readFrom(text, said.path ?? '');
      if (read === null) {
        wrong(
          `vars.${name}: "${text}" is no source`,
          'write labels.<name>, annotations.<name>, world.<key> or steps.<name>.json',
        );
      }
      return read === null ? [] : [read];
    });
    const known = common.get(byAlias.get(simplified(name)) ?? '');
    const slot = this.#slots.get(name);
    return {
      name,
      type:
        this.#typeOf(name, said, wrong) ??
        known?.type ??
        (slot === undefined ? 'text' : typeOfSlot[slot]),
      from: [
        ...(from.length === 0 && said.from === undefined ? (known?.from ?? []) : from),
        { kind: 'asked' },
      ],
      pattern: this.#patternOf(name, said, wrong),
      fallback: said.default ?? null,
      required: said.required ?? said.default === undefined,
      description: clean(said.description ?? ''),
      written: clean(this.#used.get(name)?.written ?? `\${${name}}`),
      line,
    };
  }

  #typeOf(
    name: string,
    { type }: VariableWritten,
    wrong: (message: string, hint?: string) => void,
  ): ParameterType | null {
    if (type === undefined) return null;
    const found = parameterTypes.find((t) => t === type);
    if (found !== undefined) return found;
    const near = nearest(type, parameterTypes);
    wrong(
      `vars.${name}: there is no type "${type}"`,
      near === undefined ? `one of ${parameterTypes.join(', ')}` : `did you mean "${near}"?`,
    );
    return null;
  }

  #patternOf(
    name: string,
    { pattern = '' }: VariableWritten,
    wrong: (message: string, hint?: string) => void,
  ): string {
    if (pattern === '') return '';
    const compiled = compilePattern(pattern);
    if (compiled.ok) return pattern;
    wrong(`vars.${name}: ${compiled.failure.message}`, 'patterns are Go regular expressions');
    // Nothing matches: a value that cannot be checked is not taken.
    return '[^\\s\\S]';
  }
}
