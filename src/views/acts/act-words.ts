import { absurd } from '../../kernel/absurd.ts';
import type { Act, ActState } from '../../kernel/acts.ts';
import type { AnyTone } from '../parts/tone.ts';

/** How an act stands, in one word or two. */
export const stateWord = (state: ActState): string => {
  switch (state.kind) {
    case 'asked':
      return 'asked for';
    case 'judged':
      return state.outcome === 'ask' ? 'waits' : 'allowed';
    case 'running':
      return 'runs';
    case 'confirmed':
    case 'denied':
    case 'declined':
    case 'done':
    case 'failed':
    case 'unknown':
      return state.kind;
    default:
      return absurd(state);
  }
};

export const stateTone = (state: ActState): AnyTone => {
  switch (state.kind) {
    case 'running':
    case 'confirmed':
      return 'progress';
    case 'done':
      return 'good';
    case 'failed':
    case 'denied':
      return 'bad';
    case 'unknown':
      return 'unknown';
    default:
      return 'muted';
  }
};

/** What more is known of how it stands; '' when the word says it all. */
export const stateDetail = (state: ActState): string => {
  switch (state.kind) {
    case 'running':
      return state.progress;
    case 'done':
      return state.text;
    case 'denied':
    case 'declined':
    case 'failed':
      return state.why;
    case 'unknown':
      return state.found === '' ? state.why : `${state.why}; found later: ${state.found}`;
    default:
      return '';
  }
};

/** What runs first, then the newest. */
export const inOrder = (acts: Iterable<Act>): readonly Act[] =>
  [...acts]
    .reverse()
    .sort(
      (a, b) =>
        Number(b.state.kind === 'running') - Number(a.state.kind === 'running') ||
        b.asked.at - a.asked.at,
    );
