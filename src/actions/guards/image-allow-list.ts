import { type Guard, silent } from '../guard.ts';

const byDigest = /^(.+)@(sha256:[0-9a-f]{64})$/;

/** Repository and digest; a tag beside a digest says nothing. Null where there is no digest. */
export const pinnedImage = (image: string): string | null => {
  const found = byDigest.exec(image);
  if (found === null) return null;
  const [, name = '', digest = ''] = found;
  return `${name.replace(/:[^/:]*$/, '')}@${digest}`;
};

/** Only images of the policy are started, each by its digest: a tag may be something else tomorrow. */
export const imageAllowList: Guard = {
  id: 'image-allow-list',
  title: 'only images of the policy are started, by their digest',
  judge: ({ weight }, { policy }) => {
    if (weight.images.length === 0) return silent;
    const allowed = new Set(policy.images.flatMap((i) => pinnedImage(i) ?? []));
    const wrong = weight.images.find((image) => {
      const pinned = pinnedImage(image);
      return pinned === null || !allowed.has(pinned);
    });
    if (wrong === undefined) return { kind: 'allow', why: 'the image is on the list' };
    const [first] = policy.images;
    return {
      kind: 'deny',
      why:
        pinnedImage(wrong) === null
          ? `${wrong === '' ? 'the image' : wrong} has no digest`
          : `${wrong} is not on the list of ${policy.name}`,
      hint:
        first === undefined
          ? 'list images under policy in the configuration, as name@sha256:…'
          : `use ${first}`,
      opens: 'never',
    };
  },
};
