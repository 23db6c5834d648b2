/** `14 %`; what is more than nothing and less than a half is `<1 %`. */
export const shareText = (share: number): string =>
  share > 0 && share < 0.005 ? '<1 %' : `${Math.round(share * 100)} %`;

/** `etcd-1`, `etcd-1, etcd-2`, `etcd-1, etcd-2, etcd-3 and 4 more` */
export const namesText = (names: readonly string[]): string =>
  names.length <= 4
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
