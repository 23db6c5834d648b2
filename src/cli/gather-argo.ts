import { z } from 'zod';
import { type Gathered, known, unknown } from '../actions/guard.ts';
import type { ArgoApplication, ArgoProject } from '../actions/windows/argo-words.ts';
import type { SyncWindow } from '../actions/windows/sync-window.ts';
import { failureText, type Result } from '../kernel/failure.ts';
import { clip, plainText } from '../kernel/text.ts';

/** GET of a path of the API server, the body as text. */
export type ReadPath = (path: string, signal: AbortSignal) => Promise<Result<string>>;

export interface ArgoCalendars {
  readonly applications: readonly ArgoApplication[];
  readonly projects: readonly ArgoProject[];
}

const none: ArgoCalendars = { applications: [], projects: [] };

const group = '/apis/argoproj.io/v1alpha1';
const pageSize = 200;
/** 5 000 applications: more than one Argo CD keeps well. */
const pagesMost = 25;

/** Of anything that is shown; the rest of it is compared as it is. */
const shown = (text: string): string => clip(plainText(text), 200);

const text = z.string().catch('');
const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const flag = z.boolean().nullish();

/** What a field of the wrong type means is not known; such a window cannot be read. */
const windowSchema = z
  .object({
    kind: z.string().nullish(),
    schedule: z.string().nullish(),
    duration: z.string().nullish(),
    timeZone: z.string().nullish(),
    applications: texts,
    namespaces: texts,
    clusters: texts,
    andOperator: flag,
    manualSync: flag,
    syncOverrun: flag,
    description: z.string().nullish(),
  })
  .transform(
    (w): SyncWindow => ({
      kind: w.kind ?? '',
      schedule: shown(w.schedule ?? ''),
      duration: shown(w.duration ?? ''),
      timeZone: w.timeZone ?? '',
      applications: w.applications,
      namespaces: w.namespaces,
      clusters: w.clusters,
      andOperator: w.andOperator ?? false,
      manualSync: w.manualSync ?? false,
      syncOverrun: w.syncOverrun ?? false,
      description: shown(w.description ?? ''),
    }),
  );

const named = z.object({ name: z.string(), namespace: z.string() });

const projectSchema = z
  .object({
    metadata: named,
    spec: z.object({ syncWindows: z.array(windowSchema).nullish() }),
  })
  .transform(
    ({ metadata, spec }): ArgoProject => ({ ...metadata, windows: spec.syncWindows ?? [] }),
  );

const resourceSchema = z.object({ group: text, kind: text, namespace: text, name: text });

const applicationSchema = z
  .object({
    metadata: named,
    spec: z.object({
      project: text,
      destination: z.object({ namespace: text, server: text, name: text }).nullish(),
    }),
    status: z
      .object({
        controllerNamespace: text,
        resources: z
          .array(resourceSchema)
          .nullish()
          .transform((list) => list ?? []),
      })
      .nullish(),
  })
  .transform(
    ({ metadata, spec, status }): ArgoApplication => ({
      ...metadata,
      project: spec.project,
      controllerNamespace: status?.controllerNamespace ?? '',
      target: {
        name: metadata.name,
        namespace: spec.destination?.namespace ?? '',
        server: spec.destination?.server ?? '',
        clusterName: spec.destination?.name ?? '',
      },
      resources: status?.resources ?? [],
    }),
  );

const servedSchema = z.object({ resources: z.array(z.object({ name: z.string() })) });

/** JSON text of this shape; null when it is not. */
export const parsed = <T>(schema: z.ZodType<T>, body: string): T | null => {
  try {
    const read = schema.safeParse(JSON.parse(body));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
};

/** All objects of a collection, page by page. */
const readAll = async <T>(
  read: ReadPath,
  resource: string,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<Gathered<readonly T[]>> => {
  const page = z.object({
    metadata: z.object({ continue: z.string().nullish() }).nullish(),
    items: z.array(schema),
  });
  const all: T[] = [];
  let token = '';
  for (let pages = 0; pages < pagesMost; pages += 1) {
    const more = token === '' ? '' : `&continue=${encodeURIComponent(token)}`;
    const answer = await read(`${group}/${resource}?limit=${pageSize}${more}`, signal);
    if (!answer.ok) {
      const { kind } = answer.failure;
      const why =
        kind === 'forbidden'
          ? `you may not list ${resource}.argoproj.io`
          : failureText(answer.failure);
      return unknown(why);
    }
    const list = parsed(page, answer.value);
    if (list === null) return unknown(`${resource} of Argo CD could not be understood`);
    all.push(...list.items);
    token = list.metadata?.continue ?? '';
    if (token === '') return known(all);
  }
  return unknown(`there are more than ${pagesMost * pageSize} ${resource}`);
};

/**
 * Applications and projects of Argo CD, where the cluster has it. Argo's other programs share its group, and whoever may
 * not list what there is not is refused all the same: so it is asked first whether it is served.
 */
export const readArgoCalendars = async (
  read: ReadPath,
  signal: AbortSignal,
): Promise<Gathered<ArgoCalendars>> => {
  const served = await read(group, signal);
  if (!served.ok) {
    if (served.failure.kind === 'absent') return known(none);
    return unknown(`it could not be asked whether Argo CD is here: ${failureText(served.failure)}`);
  }
  const list = parsed(servedSchema, served.value);
  if (list === null) return unknown('what the server serves of Argo CD could not be understood');
  const names = new Set(list.resources.map((r) => r.name));
  if (!names.has('applications')) return known(none);
  const applications = await readAll(read, 'applications', applicationSchema, signal);
  if (applications.kind === 'unknown') return applications;
  if (applications.value.length === 0) return known(none);
  const projects = await readAll(read, 'appprojects', projectSchema, signal);
  if (projects.kind === 'unknown') return projects;
  return known({ applications: applications.value, projects: projects.value });
};
