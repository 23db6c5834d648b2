import type { ActionDefinition } from '../../../src/actions/action.ts';
import { planText } from '../../../src/actions/digest.ts';
import { usualClass } from '../../../src/actions/policy.ts';
import { attach } from '../../../src/adapters/attach/attach.ts';
import { systemClock } from '../../../src/adapters/clock.ts';
import { forbiddenAttach } from '../../../src/adapters/effects/kubernetes-guard.ts';
import { openEffects } from '../../../src/adapters/effects/open-effects.ts';
import { credentialFor } from '../../../src/adapters/kubernetes/open-cluster.ts';
import type { ActArgs, ActPlan, ActResult, ActSubject } from '../../../src/kernel/act.ts';
import type { AttachedTerminal, EffectPorts } from '../../../src/kernel/effect-ports.ts';
import { failureText } from '../../../src/kernel/failure.ts';
import { noNamedSources } from '../../../src/kernel/source-target.ts';
import { emptyWorld } from '../../../src/kernel/world.ts';
import { sceneOf, sha256 } from '../../support/act-on.ts';
import { PlayedTerminal } from '../../support/played-terminal.ts';

export interface DebugSessionOptions {
  readonly kubeconfig: string;
  readonly image: string;
  readonly nonce?: string;
}

export interface Begun {
  readonly terminal: PlayedTerminal;
  readonly progress: readonly string[];
  readonly result: Promise<ActResult>;
  readonly abort: () => void;
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
let made = 0;

/** Debug actions with the real way out and no guards between: what servers and nodes make of them. */
export const debugSession = ({ kubeconfig, image, nonce }: DebugSessionOptions) => {
  const stop = new AbortController();
  const effects = openEffects(
    {
      flags: { kubeconfig },
      env: {},
      clock: systemClock,
      version: 'test',
      settings: { ...noNamedSources, etcd: [], alertmanagers: [] },
      mode: () => 'guarded',
    },
    stop.signal,
  );
  const join: EffectPorts['attach'] = async (request, terminal, signal) => {
    const opened = await effects.cluster();
    if (!opened.ok) return opened;
    const { resolved } = opened.value;
    const credential = credentialFor(resolved, { clock: systemClock, env: {} }, stop.signal);
    const forbidden = (path: string) => forbiddenAttach(() => 'guarded', path);
    return attach({ resolved, credential, version: 'test', forbidden })(request, terminal, signal);
  };
  const scene = () => {
    made += 1;
    return sceneOf(emptyWorld, {
      policy: { ...usualClass, images: [image] },
      nonce: nonce ?? `t${letters[made % 26]}${String(made).padStart(3, '0')}`,
    });
  };

  const plan = async (
    action: ActionDefinition,
    subject: ActSubject,
    args: ActArgs = {},
  ): Promise<ActPlan> => {
    const intent = { action: action.id, subject, args, origin: 'screen' } as const;
    const draft = await (action.prepare === undefined
      ? action.plan(intent, scene())
      : action.prepare(intent, scene(), effects.reads, stop.signal));
    if (!draft.ok) throw new Error(`${failureText(draft.failure)}; ${draft.failure.hint ?? ''}`);
    const whole = { subject, ...draft.value, action: action.id, context: 'test', args };
    return { ...whole, digest: sha256(planText(whole)) };
  };

  const begin = (action: ActionDefinition, of: ActPlan, over: Partial<EffectPorts> = {}): Begun => {
    const terminal = new PlayedTerminal();
    const progress: string[] = [];
    const given = new AbortController();
    const absent = async () => {
      throw new Error('this port is not part of it');
    };
    const tools = {
      ports: { ...effects.ports, logs: absent, loki: absent, attach: join, ...over },
      reads: effects.reads,
      clock: systemClock,
      terminal: terminal as AttachedTerminal,
      progress: (text: string) => void progress.push(text),
      logs: () => {},
    };
    const result = action.perform(of, tools, AbortSignal.any([given.signal, stop.signal]));
    return { terminal, progress, result, abort: () => given.abort() };
  };

  return {
    plan,
    begin,
    /** Plans it and begins at once. */
    start: async (action: ActionDefinition, subject: ActSubject, args: ActArgs = {}) =>
      begin(action, await plan(action, subject, args)),
    close: () => stop.abort(),
  };
};

export type DebugSession = ReturnType<typeof debugSession>;
