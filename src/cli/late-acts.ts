import { type ActEffects, noActs } from '../views/act/effects.ts';

/**
 * Actions whose door is put together while the first rows are already read: nobody acts in the first moment, and
 * everybody waits for the first row. Until then they say so.
 */
export const lateActs = (open: () => Promise<ActEffects>): ActEffects => {
  let acts = noActs('the door to actions opens in a moment: ask again');
  void open().then(
    (opened) => {
      acts = opened;
    },
    (cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      acts = noActs(`the door to actions cannot be opened: ${why}`);
    },
  );
  return {
    begin: (intent) => acts.begin(intent),
    agree: (act, given) => acts.agree(act, given),
    approve: (act, code) => acts.approve(act, code),
    leave: () => acts.leave(),
    abort: (act) => acts.abort(act),
    breakGlass: (reason, ticket) => acts.breakGlass(reason, ticket),
    mendGlass: () => acts.mendGlass(),
    status: () => acts.status(),
    preview: (intent) => acts.preview(intent),
  };
};
