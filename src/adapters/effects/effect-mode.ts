/** `read-only` lets nothing leave that could change anything; `guarded` lets leave what actions of ours build. */
export type EffectMode = 'read-only' | 'guarded';

export const closedByMode = 'this session is read-only: nothing that changes anything leaves';
