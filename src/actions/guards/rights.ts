import { type ActRight, rightText } from '../../kernel/act.ts';
import { type Guard, rightOf, silent } from '../guard.ts';

/** How to ask for it beside midwatch. */
const checkText = ({ verb, group, resource, namespace, name }: ActRight): string => {
  const [plain = '', sub] = resource.split('/');
  return [
    `kubectl auth can-i ${verb} ${plain}${group === '' ? '' : `.${group}`}${name === '' ? '' : `/${name}`}`,
    ...(sub === undefined ? [] : [`--subresource=${sub}`]),
    ...(namespace === '' ? [] : [`-n ${namespace}`]),
  ].join(' ');
};

/** Everything that a plan needs is asked of the server before; a right that is not known is not there. */
export const rights: Guard = {
  id: 'rights',
  title: 'the server grants every right that is needed',
  judge: (plan, facts) => {
    const asked = plan.rights.map((right) => ({
      right,
      granted: rightOf(facts, rightText(right)),
    }));
    const refused = asked.filter((a) => a.granted.kind === 'known' && !a.granted.value);
    const unsure = asked.flatMap(({ right, granted }) =>
      granted.kind === 'unknown' ? [{ right, why: granted.why }] : [],
    );
    const [first] = [...refused, ...unsure];
    if (first !== undefined) {
      const why = [
        ...refused.map(({ right }) => `you may not ${rightText(right)}`),
        ...unsure.map((u) => `it is not known whether you may ${rightText(u.right)}: ${u.why}`),
      ].join('; ');
      return { kind: 'deny', why, hint: `check with ${checkText(first.right)}`, opens: 'never' };
    }
    if (asked.length === 0) return silent;
    return { kind: 'allow', why: `you may ${asked.map((a) => rightText(a.right)).join(', ')}` };
  },
};
