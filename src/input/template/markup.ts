import { toText } from './print.ts';
import { is, type Markup, type Value } from './values.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};

export const markup = (text: string): Markup => ({ kind: 'markup', text });

/** Text that HTML shows as it is; what is marked already stays. */
export function escapeMarkup(value: Value): Markup {
  if (is(value, 'markup')) return value;
  return markup(toText(value).replace(/[&<>'"]/g, (unit) => ENTITIES[unit] ?? unit));
}
