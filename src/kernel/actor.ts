import { clip, plainText } from './text.ts';

/** Who is at the keyboard, as far as the machine and the API server know. */
export interface Actor {
  /** Who the API server says that we are; null where it was not asked, or does not say. */
  readonly identity: string | null;
  /** User of the operating system: behind sudo the person, not root. */
  readonly user: string;
  readonly host: string;
  /** Address that the person came from by SSH; '' without. */
  readonly ssh: string;
  /** Pane of tmux, `%3`; '' without. */
  readonly pane: string;
}

/** Bounds of a fact. */
const textMost = 400;
const partMost = 150;

const part = (text: string): string => clip(plainText(text), partMost).trim();

/** How the person came here: `ssh 10.0.0.7, tmux %3`; '' when nothing is known of it. */
export const throughText = ({ ssh, pane }: Pick<Actor, 'ssh' | 'pane'>): string =>
  [
    ...(ssh === '' ? [] : [`ssh ${part(ssh)}`]),
    ...(pane === '' ? [] : [`tmux ${part(pane)}`]),
  ].join(', ');

/** `ana@corp (ana on bastion-1)`; without an answer of the server `ana on bastion-1`. */
export const actorText = ({ identity, user, host }: Actor): string => {
  const here = `${part(user) || 'somebody'} on ${part(host) || 'an unknown host'}`;
  const name = identity === null ? '' : part(identity);
  return clip(plainText(name === '' ? here : `${name} (${here})`), textMost);
};
