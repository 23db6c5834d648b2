import { hours } from '../kernel/units.ts';
import type { Pod } from '../probes/pods.ts';
import type { Facts } from './facts.ts';
import type { Counts } from './finding.ts';
import { type Top, topKey, topOf } from './owner.ts';
import { podIndex } from './pod-index.ts';
import { type PodTrouble, podState } from './pod-problem.ts';

export interface Troubled {
  readonly pod: Pod;
  readonly trouble: PodTrouble;
  /** False for remains and leavers: nothing that should serve is missing because of them. */
  readonly counted: boolean;
}

/** Pods of one top owner that are not well, or not yet. */
export interface Group {
  readonly top: Top;
  readonly troubled: Troubled[];
  /** When the youngest of those that start was created; 0 when none does. */
  starting: number;
  startingCount: number;
  /** What one of those that start waits for; '' when none says so. */
  waits: string;
}

export interface Census {
  readonly counts: Counts['pods'];
  readonly groups: ReadonlyMap<string, Group>;
}

const restartedWithin = hours(1);

/** Those that are well are only counted; the others are looked into, in the order of all pods. */
export const census = (facts: Facts): Census => {
  const { well, others } = podIndex(facts.pods);
  const counts = { all: well, well, starting: 0, unwell: 0, restarted: 0 };
  const groups = new Map<string, Group>();
  const groupOf = (pod: Pod): Group => {
    const top = topOf(pod, facts);
    const key = topKey(top);
    let group = groups.get(key);
    if (group === undefined) {
      group = { top, troubled: [], starting: 0, startingCount: 0, waits: '' };
      groups.set(key, group);
    }
    return group;
  };
  for (const pod of others.values()) {
    const state = podState(pod, facts);
    if (state.kind === 'over') continue;
    if (pod.lastRestart !== null && facts.now - pod.lastRestart < restartedWithin) {
      counts.restarted += 1;
    }
    switch (state.kind) {
      case 'well':
        counts.all += 1;
        counts.well += 1;
        break;
      case 'starting': {
        counts.all += 1;
        counts.starting += 1;
        const group = groupOf(pod);
        group.starting = Math.max(group.starting, pod.created);
        group.startingCount += 1;
        group.waits ||= state.waits;
        break;
      }
      case 'trouble': {
        const { trouble, counted } = state;
        if (counted) {
          counts.all += 1;
          counts.unwell += 1;
        } else if (pod.deleting === null && pod.phase === 'Running') {
          // Restarted a moment ago, and serving again.
          counts.all += 1;
          counts.well += 1;
        }
        groupOf(pod).troubled.push({ pod, trouble, counted });
        break;
      }
    }
  }
  return { counts, groups };
};
