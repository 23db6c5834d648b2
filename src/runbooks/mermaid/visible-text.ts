import { plainText } from '../../kernel/text.ts';

/** What takes no column and can hide or reorder text: formatting, joiners, selectors, fillers. */
const unseen = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** Without control, escape, bidi and zero-width characters; letters with their marks stay. */
export const visibleText = (text: string): string => plainText(text).replace(unseen, '');
