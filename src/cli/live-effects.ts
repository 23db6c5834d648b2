import { systemClock } from '../adapters/clock.ts';
import { failureText } from '../kernel/failure.ts';
import { kindByResource } from '../probes/index.ts';
import { tableBegins, tableLeft, tableSignals, tables } from '../probes/tables.ts';
import { noActs } from '../views/act/effects.ts';
import type { Effects } from '../views/effects.ts';
import { noLogs } from '../views/logs/effects.ts';
import type { Document, SessionStore } from '../views/session.ts';
import type { ObjectRef } from '../views/view.ts';
import { yamlOf } from '../views/yaml-text.ts';
import type { ClusterSession } from './cluster-session.ts';
import type { Io } from './io.ts';
import { person } from './local-sources.ts';
import { eventsPath, objectPath, refOfResource } from './resource-path.ts';

/** What the screen may set going in a live session: reads, and notes of our own; what changes a cluster goes through `act`. */
export const liveEffects = (
  cluster: ClusterSession,
  session: SessionStore,
  terminal: Pick<Effects, 'quit' | 'suspend' | 'redraw' | 'copy' | 'switchContext' | 'setTheme'> &
    Partial<Pick<Effects, 'walk' | 'act' | 'logs'>>,
  env: Io['env'],
  signal: AbortSignal,
): Effects => {
  let focused: {
    readonly resource: string;
    readonly namespace: string;
    readonly end: AbortController;
  } | null = null;
  const put = (id: string, document: Document) =>
    session.dispatch({ kind: 'document', id, document });
  const append = (signals: ReturnType<typeof tableSignals>) =>
    cluster.journal.append(signals.map((s) => ({ ...s, probe: tables.id })));

  const fetchInto = async (
    id: string,
    path: string | null,
    shape: (text: string) => string,
  ): Promise<void> => {
    if (path === null)
      return put(id, { kind: 'failed', text: 'the server does not serve this resource' });
    if (session.get().documents.get(id) === undefined) put(id, { kind: 'loading' });
    const answer = await cluster.ports.kubernetes.get(path, signal);
    if (signal.aborted) return;
    put(
      id,
      answer.ok
        ? { kind: 'ready', text: shape(answer.value) }
        : { kind: 'failed', text: failureText(answer.failure) },
    );
  };

  const leave = () => {
    if (focused === null) return;
    focused.end.abort();
    append(tableLeft(focused.resource, focused.namespace));
    focused = null;
  };

  return {
    walk: () => 'runbooks are not walked in this session',
    act: noActs('nothing is done from this session'),
    logs: noLogs('no logs are read in this session'),
    ...terminal,
    acknowledge: ({ fingerprint, name, note, withdrawn }) => {
      const by = person(env);
      const at = systemClock.now();
      void cluster.acknowledge({ fingerprint, name, at, by, note, withdrawn }).then((safe) => {
        if (safe.ok) return;
        const text = `not acknowledged: ${failureText(safe.failure)}`;
        session.dispatch({ kind: 'notice', notice: { tone: 'bad', text } });
      });
      return null;
    },
    load: (view, object: ObjectRef) => {
      const world = cluster.store.world();
      const key = `${object.resource}/${object.namespace}/${object.name}`;
      if (view === 'yaml') {
        void fetchInto(`yaml:${key}`, objectPath(world, object), (text) =>
          yamlOf(text, { managedFields: false }),
        );
      } else void fetchInto(`events:${key}`, eventsPath(world, object), (text) => text);
    },
    focus: (resource, within) => {
      if (kindByResource.has(resource)) return leave();
      const ref = refOfResource(cluster.store.world(), resource);
      const namespace = ref?.namespaced === true ? within : '';
      if (focused?.resource === resource && focused.namespace === namespace) return;
      leave();
      if (ref === null) return;
      const end = new AbortController();
      focused = { resource, namespace, end };
      append(tableBegins(resource, namespace));
      void cluster.ports.kubernetes.watchTable(
        ref,
        namespace,
        (signals) => {
          if (!end.signal.aborted) append(tableSignals(resource, namespace, signals));
        },
        AbortSignal.any([signal, end.signal]),
      );
    },
  };
};
