/** `1 pod`, `3 pods` */
export const counted = (n: number, word: string, plural = `${word}s`): string =>
  `${n} ${n === 1 ? word : plural}`;
