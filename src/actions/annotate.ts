import { noWeight } from '../kernel/act.ts';
import { failed, failure, ok } from '../kernel/failure.ts';
import { cleanText } from '../kernel/redact.ts';
import { plainText } from '../kernel/text.ts';
import type { ActInput, ActionDefinition } from './action.ts';
import { patchOf, shortBounds } from './object-request.ts';
import { nameOf, plannedObject, rightTo } from './planned-object.ts';
import { sendInOrder } from './send-in-order.ts';

/** Of all the text that is kept with an object. */
const longest = 500;
/** Typed in place of a text. */
const nothing = '-';

const prefix = 'midwatch.dev/incident';

const wrong: ActInput['wrong'] = (value) => {
  if (value.trim() === '') return `a text; ${nothing} takes it away`;
  return value.length > longest ? `at most ${longest} characters` : null;
};

/** Writes onto an object what is found out about it in an incident, so that whoever looks next knows. */
export const annotate: ActionDefinition = {
  id: 'annotate',
  title: 'annotate',
  keys: [],
  aliases: ['note'],
  resources: [],
  effect: 'write',
  shown: false,
  elsewhere: `kubectl annotate -n {namespace} {resource} {name} ${prefix}=…`,
  inputs: [
    {
      name: 'text',
      title: 'note',
      hint: `what to know about it; ${nothing} takes it away`,
      required: true,
      usual: () => '',
      wrong,
    },
  ],
  plan: (intent, scene) => {
    const object = plannedObject(intent, scene, []);
    if (!object.ok) return object;
    const why = wrong(intent.args.text ?? '');
    if (why !== null) return failed(failure('misconfigured', 'annotate', `note: ${why}`));
    const { subject, word, ref } = object.value;
    const text = cleanText(plainText((intent.args.text ?? '').trim()));
    const removes = text === nothing;
    const at = `${new Date(scene.now).toISOString().slice(0, 19)}Z`;
    return ok({
      title: `${removes ? 'take the note from' : 'put a note on'} ${word} ${nameOf(object.value)}`,
      effect: 'write',
      typed: subject.name,
      subject,
      requests: [
        patchOf(
          object.value,
          {
            annotations: {
              [prefix]: removes ? null : text,
              [`${prefix}-by`]: removes ? null : plainText(scene.person),
              [`${prefix}-at`]: removes ? null : at,
            },
          },
          // Kinds that are defined in the cluster know no other.
          'merge',
        ),
      ],
      rights: [rightTo('patch', object.value)],
      dangers: [
        removes
          ? `The annotations ${prefix}, ${prefix}-by and ${prefix}-at are taken away.`
          : 'Whoever may read it can read the note, and your name with it.',
      ],
      refusals: [
        ...object.value.refusals,
        ...(ref.group === '' && ref.resource === 'secrets'
          ? ['the answer to a change of a secret would hold the secret']
          : []),
      ],
      bounds: shortBounds,
      weight: { ...noWeight, unknown: object.value.unknown },
    });
  },
  perform: sendInOrder,
};
