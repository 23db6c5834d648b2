import type { Template } from '../parameter.ts';
import type { Slot } from './map-plan.ts';

/** A value put where it goes, or why it must not go there. */
export type Filled =
  | { readonly kind: 'filled'; readonly text: string }
  | { readonly kind: 'missing'; readonly name: string }
  | { readonly kind: 'refused'; readonly name: string; readonly why: string };

type Values = ReadonlyMap<string, string>;

/** What the whole of a slot may look like once it is filled. None begins with a dash: that would be a flag. */
const shapes: Readonly<Partial<Record<Slot, RegExp>>> = {
  name: /^[A-Za-z0-9][A-Za-z0-9._:-]{0,252}$/,
  namespace: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
  container: /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/,
  selector: /^[A-Za-z0-9!(][A-Za-z0-9._/=!,() -]{0,1000}$/,
  member: /^[A-Za-z0-9[][A-Za-z0-9._:/[\]-]{0,252}$/,
  argument: /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
};

/** Within a selector only what is no syntax of it. */
const labelValue = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

const joinedWith = (
  template: Template,
  values: Values,
  write: (value: string, before: string) => string | { readonly why: string },
): Filled => {
  let text = '';
  for (const part of template) {
    if (part.kind === 'text') {
      text += part.text;
      continue;
    }
    const value = values.get(part.name);
    if (value === undefined) return { kind: 'missing', name: part.name };
    const written = write(value, text);
    if (typeof written !== 'string') return { kind: 'refused', name: part.name, why: written.why };
    text += written;
  }
  return { kind: 'filled', text };
};

/** Where in a query its text stops: within which quotes, and behind which operator these stand. */
const stateOf = (before: string): { readonly quote: string; readonly regex: boolean } => {
  let quote = '';
  let regex = false;
  for (let at = 0; at < before.length; at += 1) {
    const c = before.charAt(at);
    if (quote === '') {
      if (c === '#') {
        const end = before.indexOf('\n', at);
        at = end === -1 ? before.length : end;
      } else if (c === '"' || c === "'" || c === '`') {
        quote = c;
        regex = /[=!]~\s*$/.test(before.slice(Math.max(0, at - 20), at));
      }
    } else if (c === '\\' && quote !== '`') at += 1;
    else if (c === quote) quote = '';
  }
  return { quote, regex };
};

/** Letters of a pattern that mean themselves. */
const literally = (value: string): string => value.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');

const inQuery = (value: string, before: string): string | { readonly why: string } => {
  const { quote, regex } = stateOf(before);
  if (quote === '') {
    return /^\d+(?:\.\d+)?(?:ms|[smhdwy])?$/.test(value)
      ? value
      : { why: 'outside quotes of a query only a number or a time may stand' };
  }
  const meant = regex ? literally(value) : value;
  if (quote === '`') return meant.includes('`') ? { why: 'it has a backtick' } : meant;
  return meant.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replace(/\n/g, '\\n');
};

const host =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/** Names may stand in the host of an address as they are; everywhere behind it they are encoded. */
const inUrl = (value: string, before: string): string | { readonly why: string } => {
  const authority = /^https?:\/\/[^/?#]*$/i.test(before);
  if (!authority) {
    if (/^https?:\/\//i.test(before)) {
      return value === '.' || value === '..'
        ? { why: 'it climbs in a path' }
        : encodeURIComponent(value);
    }
    return { why: 'an address is not made of values alone' };
  }
  return host.test(value) ? value : { why: 'it is no host' };
};

const plainly = (value: string, before: string): string | { readonly why: string } =>
  before === '' && value.startsWith('-') ? { why: 'it begins with a dash' } : value;

/**
 * Values in a template, by the rules of the place it goes to. Labels of alerts are written by whoever can name a pod:
 * nothing of a value may become syntax.
 */
export const fillSlot = (template: Template, slot: Slot, values: Values): Filled => {
  switch (slot) {
    case 'promql':
      return joinedWith(template, values, inQuery);
    case 'url':
      return joinedWith(template, values, inUrl);
    case 'selector': {
      const inSelector = (value: string): string | { readonly why: string } =>
        labelValue.test(value) ? value : { why: 'it is no value of a label' };
      return joinedWith(template, values, inSelector);
    }
    default: {
      const filled = joinedWith(template, values, plainly);
      const shape = shapes[slot];
      if (filled.kind !== 'filled' || shape === undefined || shape.test(filled.text)) return filled;
      const name = template.find((part) => part.kind === 'parameter')?.name ?? '';
      // What the runbook itself writes is not for a value to answer.
      return name === '' ? filled : { kind: 'refused', name, why: `it is no ${slot}` };
    }
  }
};
