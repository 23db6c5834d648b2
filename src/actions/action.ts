import type {
  ActArgs,
  ActEffect,
  ActPlan,
  ActResult,
  ActSubject,
  EffectRequest,
  Intent,
} from '../kernel/act.ts';
import type { Clock } from '../kernel/clock.ts';
import type {
  AttachedTerminal,
  EffectPorts,
  EffectReads,
  LogItem,
} from '../kernel/effect-ports.ts';
import type { Result } from '../kernel/failure.ts';
import type { EpochMs } from '../kernel/units.ts';
import type { World } from '../kernel/world.ts';
import type { PolicyClass } from './policy.ts';

/** Something that is asked of a person before the action can be planned. */
export interface ActInput {
  /** Key in the intent's args. */
  readonly name: string;
  /** `replicas`, as the prompt says it. */
  readonly title: string;
  /** What may be typed: `a number from 0`. */
  readonly hint: string;
  readonly required: boolean;
  /** What stands there to begin with; '' when nothing does. */
  readonly usual: (scene: PlanScene, subject: ActSubject) => string;
  /** Why it cannot be that; null when it can. */
  readonly wrong: (value: string) => string | null;
}

/** What a plan is made of besides the intent. Nothing here can be asked or sent. */
export interface PlanScene {
  readonly world: World;
  readonly now: EpochMs;
  readonly context: string;
  readonly policy: PolicyClass;
  /** Who is at the keyboard, as the operating system says. */
  readonly person: string;
  /** Which process plans it, for what it may leave behind; absent where nothing is ever carried out. */
  readonly process?: string;
  /** Five characters of [a-z0-9] that no other plan has. */
  readonly nonce: string;
  /** Makes a short text of a long one: SHA-256 in hexadecimal. */
  readonly digest: (text: string) => string;
}

/** A plan without what the pipeline adds to every plan. */
export type PlanDraft = Omit<ActPlan, 'action' | 'context' | 'subject' | 'args' | 'digest'> & {
  /** Where the action itself is narrower than what it was asked for: the member of a cluster, the uid of a pod. */
  readonly subject?: ActSubject;
};

/** Ports that send what stands in the plan, each request as often as it stands there, and refuse all else. */
export interface Tools {
  readonly ports: EffectPorts;
  readonly reads: EffectReads;
  readonly clock: Clock;
  /** Null where there is no person to join: in a script, or in a step of a runbook. */
  readonly terminal: AttachedTerminal | null;
  /** What a person sees while it goes on: one line, in the present tense. */
  progress(text: string): void;
  /** Lines that it brings. */
  logs(items: readonly LogItem[]): void;
}

/**
 * Something that can be done. One file each in this folder, one line in the list. `plan` is pure; `perform` sends what
 * the plan holds, in order, and stops at the first failure.
 */
export interface ActionDefinition {
  /** Kebab-case. */
  readonly id: string;
  /** An imperative without its object: `scale`. */
  readonly title: string;
  readonly keys: readonly string[];
  /** Names in command mode, besides the id. */
  readonly aliases: readonly string[];
  /** Plural resource names it is about, `etcd-members`, `alerts`; [] is any object. */
  readonly resources: readonly string[];
  readonly effect: ActEffect;
  /** Stands on the last line where something it is about is under the cursor. */
  readonly shown: boolean;
  /** A bounded command for a terminal beside this one; `{namespace}`, `{resource}`, `{name}` are filled in. */
  readonly elsewhere: string;
  readonly inputs: readonly ActInput[];
  /** The program asks for it itself, for what it has left behind: it has no key and no word. */
  readonly own?: true;
  plan(intent: Intent, scene: PlanScene): Result<PlanDraft>;
  /**
   * Where the exact request needs what is not in the world, it is read here, before the plan is judged: the pod's own
   * spec, the etcd revision. Reads only. Without it `plan` is all.
   */
  prepare?(
    intent: Intent,
    scene: PlanScene,
    reads: EffectReads,
    signal: AbortSignal,
  ): Promise<Result<PlanDraft>>;
  perform(plan: ActPlan, tools: Tools, signal: AbortSignal): Promise<ActResult>;
}

export type { ActArgs, EffectRequest };
