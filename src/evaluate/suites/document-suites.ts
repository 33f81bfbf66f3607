/** Questions about one field of a document: of templates that training may use too, and of others that it may not. */
import {
  type DrawnDocument,
  drawnDocuments,
  FIRST_SUITE_SEED,
  fieldLabel,
  questionFor,
} from '../pictures/documents/drawn-documents.ts';
import { HELD_OUT_TEMPLATES } from '../pictures/documents/held-out-templates.ts';
import { SEEN_TEMPLATES } from '../pictures/documents/seen-templates.ts';
import type { Field } from '../pictures/documents/template.ts';
import { openFonts, SEEN_FONTS } from '../pictures/fonts.ts';
import { HELD_OUT_FONTS } from '../pictures/held-out-fonts.ts';
import type { Suite, SuiteItem } from './suite.ts';

const KINDS = {
  documents: {
    title: 'One field of receipts, screens, forms, invoices and tickets',
    templates: SEEN_TEMPLATES,
    fonts: SEEN_FONTS,
    copies: 6,
  },
  'held-out-documents': {
    title: 'One field of documents whose templates and fonts are held out',
    templates: HELD_OUT_TEMPLATES,
    fonts: HELD_OUT_FONTS,
    copies: 12,
  },
} as const;

const EACH = 2;

export async function documentSuite(
  name: keyof typeof KINDS,
  place: string,
  say: (line: string) => void,
): Promise<Suite> {
  const { title, templates, fonts, copies } = KINDS[name];
  await openFonts(place, say);
  const items: SuiteItem[] = [];
  const drawn = drawnDocuments(templates, fonts, { copies, first: FIRST_SUITE_SEED });
  for await (const document of drawn) items.push(...documentItems(document));
  return { name, title, items, missing: [], isRead: true };
}

/** Questions about so many fields, each of another. */
export function documentItems(document: DrawnDocument): SuiteItem[] {
  const { template, copy, picture, fields, draws } = document;
  const left = [...fields];
  return Array.from({ length: Math.min(EACH, left.length) }, () => {
    const field = left.splice(draws.whole(0, left.length - 1), 1)[0] as Field;
    return {
      name: `${template.name} ${copy}: ${fieldLabel(field)}`,
      group: template.kind,
      picture,
      question: questionFor(field, draws),
      answers: { values: field.values },
    };
  });
}
