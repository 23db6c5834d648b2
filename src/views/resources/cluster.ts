import {
  type CustomResourceDefinition,
  customresourcedefinitions,
} from '../../probes/customresourcedefinitions.ts';
import { type Lease, leases } from '../../probes/leases.ts';
import { type Namespace, namespaces } from '../../probes/namespaces.ts';
import {
  type PersistentVolumeClaim,
  persistentvolumeclaims,
} from '../../probes/persistentvolumeclaims.ts';
import type { RowTone } from '../parts/table.ts';
import { ageOf, byteSize } from '../parts/words.ts';
import {
  ageColumn,
  fromProbe,
  type KindTable,
  labelsColumn,
  nameColumn,
  namespaceColumn,
  podsOf,
} from './resource-table.ts';

export const namespaceTable: KindTable<Namespace> = {
  ...fromProbe(namespaces, 'ns'),
  singular: 'namespace',
  columns: [
    nameColumn,
    { id: 'status', title: 'STATUS', min: 6, max: 12, rank: 0, value: (n) => n.phase },
    ageColumn,
    labelsColumn,
  ],
  tone: (n) => (n.phase === 'Terminating' || n.deleting !== null ? 'progress' : 'good'),
  open: (n) => ({ view: 'explorer', args: { resource: 'pods', namespace: n.name } }),
};

const claimTone = (c: PersistentVolumeClaim): RowTone => {
  if (c.deleting !== null) return 'progress';
  if (c.phase === 'Lost') return 'bad';
  return c.phase === 'Bound' ? 'good' : 'warn';
};

export const claimTable: KindTable<PersistentVolumeClaim> = {
  ...fromProbe(persistentvolumeclaims, 'pvc'),
  singular: 'persistentvolumeclaim',
  title: 'volume claims',
  columns: [
    namespaceColumn,
    nameColumn,
    { id: 'status', title: 'STATUS', min: 6, max: 11, rank: 0, value: (c) => c.phase },
    { id: 'volume', title: 'VOLUME', min: 6, max: 42, rank: 5, value: (c) => c.volume },
    {
      id: 'capacity',
      title: 'CAPACITY',
      align: 'right',
      min: 8,
      max: 9,
      rank: 2,
      largestFirst: true,
      sort: (c) => -(c.capacity || c.request),
      value: (c) => byteSize(c.capacity || c.request),
    },
    {
      id: 'modes',
      title: 'ACCESS MODES',
      min: 6,
      max: 28,
      rank: 6,
      value: (c) => c.accessModes.join(','),
    },
    { id: 'class', title: 'CLASS', min: 5, max: 30, rank: 4, value: (c) => c.storageClass },
    ageColumn,
    {
      id: 'why',
      title: 'WHY',
      min: 20,
      max: 90,
      rank: 3,
      flex: true,
      value: (c) => c.conditions.find((k) => k.status === 'True')?.message ?? '',
    },
    labelsColumn,
  ],
  tone: claimTone,
  open: podsOf('persistentvolumeclaims'),
};

export const leaseTable: KindTable<Lease> = {
  ...fromProbe(leases, ''),
  singular: 'lease',
  columns: [
    namespaceColumn,
    nameColumn,
    { id: 'holder', title: 'HOLDER', min: 6, max: 60, rank: 1, value: (l) => l.holder },
    {
      id: 'transitions',
      title: 'PASSED ON',
      align: 'right',
      min: 4,
      max: 9,
      rank: 4,
      largestFirst: true,
      sort: (l) => -l.transitions,
      value: (l) => String(l.transitions),
    },
    {
      id: 'renewed',
      title: 'RENEWED',
      align: 'right',
      min: 7,
      max: 7,
      rank: 2,
      volatile: true,
      sort: (l) => l.renewed ?? 0,
      value: (l, { now }) => ageOf(l.renewed ?? 0, now),
    },
    ageColumn,
    labelsColumn,
  ],
  tone: () => 'info',
};

const servedVersions = (d: CustomResourceDefinition): string =>
  d.versions
    .filter((v) => v.served)
    .map((v) => v.name)
    .join(',');

export const definitionTable: KindTable<CustomResourceDefinition> = {
  ...fromProbe(customresourcedefinitions, 'crd crds'),
  singular: 'customresourcedefinition',
  title: 'definitions',
  columns: [
    nameColumn,
    { id: 'kind', title: 'KIND', min: 6, max: 40, rank: 1, value: (d) => d.kind },
    {
      id: 'scope',
      title: 'SCOPE',
      min: 10,
      max: 10,
      rank: 4,
      value: (d) => (d.namespaced ? 'Namespaced' : 'Cluster'),
    },
    { id: 'versions', title: 'VERSIONS', min: 4, max: 24, rank: 3, value: servedVersions },
    {
      id: 'short',
      title: 'SHORT',
      min: 4,
      max: 20,
      rank: 5,
      value: (d) => d.shortNames.join(','),
    },
    ageColumn,
    labelsColumn,
  ],
  tone: (d) => (d.deleting !== null ? 'progress' : d.established ? 'good' : 'warn'),
  open: (d) => ({ view: 'explorer', args: { resource: d.name } }),
};
