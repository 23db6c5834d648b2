import type { ActPlan, ActResult, EffectRequest } from '../kernel/act.ts';
import type { AttachedTerminal } from '../kernel/effect-ports.ts';
import { failure } from '../kernel/failure.ts';
import { clip, plainText } from '../kernel/text.ts';
import { type Bytes, type Milliseconds, milliseconds, seconds, since } from '../kernel/units.ts';
import type { Tools } from './action.ts';
import { podPath } from './debug-pod-now.ts';
import { violationsIn } from './debug-profile.ts';
import { refusedWith, withoutAnswer } from './outcome.ts';
import { asList, asNumber, asRecord, asText, type Json, readJson } from './read-json.ts';

type Attach = Extract<EffectRequest, { kind: 'attach' }>;
type Patch = Extract<EffectRequest, { kind: 'kubernetes' }>;

/** Longer than this nobody waits for an image at night. */
const startsWithin: Milliseconds = seconds(60);
const lookEvery: Milliseconds = milliseconds(500);
/** How often it is looked for how a container ended that nobody can ask any more. */
const looksForExit = 8;

/** What a kubelet says of a container that will not start as it is. */
const hopeless: ReadonlySet<string> = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'ErrImagePull',
  'ErrImageNeverPull',
  'ImagePullBackOff',
  'InvalidImageName',
  'RunContainerError',
]);

const failedWith = (message: string, hint?: string): ActResult => ({
  kind: 'failed',
  failure: failure('refused', 'debug', message, hint === undefined ? {} : { hint }),
  bytes: 0,
});

/** A refusal by PodSecurity says which profile would pass; one of an old server, that it knows no such thing. */
const refusalOf = (request: Patch, answer: { readonly status: number; readonly body: string }) => {
  const result = refusedWith(request, 'debug', answer, answer.body.length);
  if (result.kind !== 'failed') return result;
  const violated = violationsIn(result.failure.message);
  if (violated !== null) {
    return failedWith(
      `PodSecurity ${violated.level} refuses it: ${violated.rules.join(', ')}`,
      `ask for profile ${violated.level === 'baseline' ? 'baseline' : 'restricted'}; if that is what was refused, earlier ephemeral containers of this pod break the rule`,
    );
  }
  if (answer.status === 404 && !/"name":\s*"[^"]/.test(answer.body)) {
    return failedWith('this server knows no ephemeral containers', 'use debug on its node');
  }
  return result;
};

/** Null when it was taken; else what it came to. */
export const sendDebug = async (
  tools: Tools,
  request: Patch,
  signal: AbortSignal,
): Promise<ActResult | null> => {
  const answer = await tools.ports.kubernetes(request, signal);
  if (!answer.ok) return withoutAnswer(answer.failure, 0);
  return answer.value.status < 300 ? null : refusalOf(request, answer.value);
};

const stateOf = (pod: Json, container: string): Json => {
  const status = asRecord(pod.status);
  const all = [...asList(status.ephemeralContainerStatuses), ...asList(status.containerStatuses)];
  return asRecord(all.map(asRecord).find((s) => s.name === container)?.state);
};

/** What a container that has ended left to be read, and how. */
const endOf = (ended: Json): string => {
  const why = asText(ended.message) || asText(ended.reason);
  const words = why === '' || why === 'Completed' || why === 'Error' ? '' : `: ${why}`;
  return clip(plainText(`exit ${String(asNumber(ended.exitCode) ?? '?')}${words}`), 500);
};

/** Another pod of the same name is none of ours. */
const isAnother = (pod: Json, uid: string | null): boolean => {
  const is = asText(asRecord(pod.metadata).uid);
  return uid !== null && uid !== '' && is !== '' && is !== uid;
};

/** Waits until the container runs; tells what it waits for. Null when it does. `uid`: of the pod, null where not known. */
export const untilRunning = async (
  { namespace, pod, container }: Attach,
  uid: string | null,
  tools: Tools,
  signal: AbortSignal,
): Promise<ActResult | null> => {
  const begun = tools.clock.now();
  let told = '';
  for (;;) {
    const read = await readJson(tools.reads, podPath(namespace, pod), signal);
    if (read.ok ? isAnother(read.value, uid) : read.failure.kind === 'absent') {
      return failedWith('the pod is gone, and the container with it');
    }
    const state = read.ok ? stateOf(read.value, container) : {};
    if (state.running !== undefined) return null;
    if (state.terminated !== undefined) {
      return failedWith(
        `it ended at once, with ${endOf(asRecord(state.terminated))}`,
        'the image may have no shell, or may not run as this user',
      );
    }
    const waiting = asRecord(state.waiting);
    const reason = asText(waiting.reason);
    const words = clip(
      plainText([reason, asText(waiting.message)].filter(Boolean).join(': ')),
      400,
    );
    if (hopeless.has(reason) || /runAsNonRoot/.test(words)) {
      return failedWith(words, 'the container stays in the pod as it is, and does nothing');
    }
    const now = read.ok ? words || 'the node has not answered yet' : read.failure.message;
    if (now !== told) tools.progress(`waiting: ${now}`);
    told = now;
    if (since(begun, tools.clock.now()) >= startsWithin) {
      return failedWith(
        `it did not start within ${startsWithin / 1000} s: ${now}`,
        'once it runs, debug joins it instead of adding another',
      );
    }
    if (signal.aborted) return failedWith('it was given up while the container started');
    await tools.clock.sleep(lookEvery, signal);
  }
};

/** With what the container ended; '' where its node has not told in time. */
const exitOf = async (
  { namespace, pod, container }: Attach,
  tools: Tools,
  signal: AbortSignal,
): Promise<string> => {
  for (let looks = 0; looks < looksForExit && !signal.aborted; looks += 1) {
    const read = await readJson(tools.reads, podPath(namespace, pod), signal);
    const { terminated } = read.ok ? stateOf(read.value, container) : {};
    if (terminated !== undefined) return ` with ${endOf(asRecord(terminated))}`;
    await tools.clock.sleep(lookEvery, signal);
  }
  return '';
};

/** The person's terminal until as much has come as the plan has; then `full` is told. */
const bounded = (terminal: AttachedTerminal, most: Bytes, full: () => void): AttachedTerminal => {
  let came = 0;
  return {
    input: terminal.input,
    size: () => terminal.size(),
    onResize: (listener) => terminal.onResize(listener),
    write: (chunk) => {
      came += chunk.length;
      if (came > most) return full();
      terminal.write(chunk);
    },
  };
};

/** Joins the person's terminal and tells how to come back, as much as `most` bytes. */
export const joined = async (
  request: Attach,
  most: Bytes,
  tools: Tools,
  signal: AbortSignal,
): Promise<ActResult> => {
  const { namespace, pod, container } = request;
  if (tools.terminal === null) {
    return {
      kind: 'done',
      text: `${container} runs; join it with: midwatch debug ${pod} -n ${namespace}`,
      bytes: 0,
    };
  }
  const over = new AbortController();
  const terminal = bounded(tools.terminal, most, () => over.abort());
  const end = await tools.ports.attach(request, terminal, AbortSignal.any([signal, over.signal]));
  if (!end.ok && end.failure.kind !== 'ended') {
    return { kind: 'failed', failure: end.failure, bytes: 0 };
  }
  const bytes = end.ok ? end.value.bytes : 0;
  if (!end.ok || end.value.kind === 'ended') {
    const how = await exitOf(request, tools, signal);
    return end.ok || how !== ''
      ? { kind: 'done', text: `${container} has ended${how}; it stays in the pod's list`, bytes }
      : { kind: 'unknown', why: `${end.failure.message}; debug joins ${container} again`, bytes };
  }
  const why = over.signal.aborted ? `more than ${most >> 20} MiB came: ` : '';
  return {
    kind: 'done',
    text: `${why}left ${container}, which goes on; debug joins it again`,
    bytes,
  };
};

/** Dry run, then the container, then the wait, then the terminal. Stops at the first that fails. */
export const performDebug = async (
  plan: ActPlan,
  tools: Tools,
  signal: AbortSignal,
): Promise<ActResult> => {
  for (const request of plan.requests) {
    if (request.kind === 'kubernetes') {
      tools.progress(
        request.path.includes('dryRun=All') ? 'trying it out' : 'adding the container',
      );
      const refused = await sendDebug(tools, request, signal);
      if (refused !== null) return refused;
    } else if (request.kind === 'attach') {
      if (plan.requests.length === 1) tools.progress('it runs already: enter shows its prompt');
      const uid = plan.subject.kind === 'object' ? plan.subject.uid : null;
      const stopped = await untilRunning(request, uid, tools, signal);
      return stopped ?? (await joined(request, plan.bounds.bytes, tools, signal));
    }
  }
  return failedWith('the plan joins nothing');
};
