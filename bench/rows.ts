export type Unit = 's' | 'ms' | 'MB' | '%' | 'B/s';

export type Target =
  /** At most this share of what k9s needs on the same cluster. */
  | { readonly kind: 'ratio'; readonly most: number }
  | { readonly kind: 'bound'; readonly most: number }
  /** Measured for what it tells about the others. */
  | { readonly kind: 'none' };

/** Which part of a session a row is measured in. */
export type Phase = 'start' | 'rest' | 'churn' | 'visible' | 'sources' | 'large';

export interface Row {
  readonly id: string;
  readonly phase: Phase;
  readonly title: string;
  readonly unit: Unit;
  readonly target: Target;
  /** What k9s needed where we measured it; used where none is on PATH. */
  readonly k9s?: number;
  readonly how: string;
}

const ratio = (most: number): Target => ({ kind: 'ratio', most });
const bound = (most: number): Target => ({ kind: 'bound', most });

export const rows = [
  {
    id: 'start-first',
    phase: 'start',
    title: 'start → first rows',
    unit: 's',
    target: ratio(0.1),
    k9s: 7.2,
    how: 'from spawn until three rows of pods are on the screen',
  },
  {
    id: 'start-complete',
    phase: 'start',
    title: 'start → complete table',
    unit: 's',
    target: ratio(0.15),
    k9s: 7.2,
    how: 'from spawn until the title of the table counts every pod',
  },
  {
    id: 'start-cpu',
    phase: 'start',
    title: 'CPU time until complete',
    unit: 's',
    target: { kind: 'none' },
    how: 'user and system time of all threads; hardly depends on who else uses the machine',
  },
  {
    id: 'rss',
    phase: 'rest',
    title: 'memory after 10 s',
    unit: 'MB',
    target: ratio(0.25),
    k9s: 900,
    how: 'VmRSS of the process, 10 s after the table was complete',
  },
  {
    id: 'cpu-idle',
    phase: 'rest',
    title: 'CPU, untouched',
    unit: '%',
    target: ratio(0.1),
    k9s: 40,
    how: 'of one core over 20 s, from /proc/<pid>/stat; node heartbeats go on',
  },
  {
    id: 'bytes-idle',
    phase: 'rest',
    title: 'to the terminal, untouched',
    unit: 'B/s',
    target: bound(100),
    how: 'bytes read from the PTY over the same 20 s',
  },
  {
    id: 'cpu-churn',
    phase: 'churn',
    title: 'CPU at 200 changes/s',
    unit: '%',
    target: ratio(0.5),
    k9s: 45,
    how: 'of one core over 15 s, while the status of 200 pods is patched each second',
  },
  {
    id: 'key-p50',
    phase: 'churn',
    title: 'key → paint at 200 changes/s, p50',
    unit: 'ms',
    target: { kind: 'none' },
    how: 'from writing j or k until the cursor is seen on another row of the parsed screen',
  },
  {
    id: 'key-p99',
    phase: 'churn',
    title: 'key → paint at 200 changes/s, p99',
    unit: 'ms',
    target: bound(40),
    k9s: 203,
    how: 'the same 100 keys, sent 60 to 160 ms apart',
  },
  {
    id: 'rss-churn',
    phase: 'churn',
    title: 'memory after churn',
    unit: 'MB',
    target: { kind: 'none' },
    k9s: 973,
    how: 'VmRSS at the end of about 30 s of 200 changes per second',
  },
  {
    id: 'visible',
    phase: 'visible',
    title: 'change → visible, p50',
    unit: 'ms',
    target: bound(300),
    how: 'from sending a status patch until the new number is on the screen; 20 changes to rows in sight',
  },
  {
    id: 'bytes-visible',
    phase: 'visible',
    title: 'to the terminal, 10 Hz in sight',
    unit: 'B/s',
    target: bound(4000),
    how: 'bytes read from the PTY over 15 s, while 10 rows in sight change in turn, 10 changes per second',
  },
  {
    id: 'alerts-first',
    phase: 'sources',
    title: '5 000 alerts: start → first rows',
    unit: 's',
    target: { kind: 'none' },
    how: 'from spawn with `-c alerts` until three alerts of a real Alertmanager are on the screen',
  },
  {
    id: 'alerts-key-p50',
    phase: 'sources',
    title: '5 000 alerts: key → paint, p50',
    unit: 'ms',
    target: { kind: 'none' },
    how: 'in the view of alerts, each of them a line, from writing j or k until the cursor is on another row; 10 s after all were counted',
  },
  {
    id: 'alerts-key-p99',
    phase: 'sources',
    title: '5 000 alerts: key → paint, p99',
    unit: 'ms',
    target: bound(40),
    how: 'the same 100 keys, sent 60 to 160 ms apart, while the Alertmanager is asked every 5 s',
  },
  {
    id: 'sources-cpu',
    phase: 'sources',
    title: 'etcd and alerts on: CPU, untouched',
    unit: '%',
    target: { kind: 'none' },
    how: 'of one core over 20 s on the first screen, with three members of etcd and 5 000 alerts watched that fire for hours, from /proc/<pid>/stat',
  },
  {
    id: 'sources-bytes',
    phase: 'sources',
    title: 'etcd and alerts on: to the terminal, untouched',
    unit: 'B/s',
    target: bound(100),
    how: 'bytes read from the PTY over the same 20 s',
  },
  {
    id: 'large-complete',
    phase: 'large',
    title: '50 000 pods: start → complete',
    unit: 's',
    target: { kind: 'none' },
    how: 'as above, after creating more pods with a node name of their own',
  },
  {
    id: 'large-rss',
    phase: 'large',
    title: '50 000 pods: memory per further 1 000',
    unit: 'MB',
    target: bound(5),
    how: 'VmRSS 10 s after the table was complete, less that at the lower number, per 1 000 pods',
  },
] as const satisfies readonly Row[];

export type RowId = (typeof rows)[number]['id'];
/** What one run of one program gave. */
export type Measured = Partial<Record<RowId, number>>;
