import {
  type DrawnDocument,
  drawnDocuments,
  FIRST_SUITE_SEED,
  fieldLabel,
  questionFor,
} from '../pictures/documents/drawn-documents.ts';
import { SEEN_TEMPLATES } from '../pictures/documents/seen-templates.ts';
import type { DocumentKind } from '../pictures/documents/template.ts';
import { openFonts, SEEN_FONTS } from '../pictures/fonts.ts';
import type { Suite, SuiteItem } from './suite.ts';

/** What no document of a kind tells. */
export const UNTOLD_OF_DOCUMENTS: Readonly<Record<DocumentKind, readonly string[]>> = {
  receipt: [
    'What is the phone number of the owner?',
    'What is the name of the customer?',
    'At what time does the shop close?',
    'How old is the cashier?',
  ],
  screen: [
    'What is the password?',
    'What is the name of the owner?',
    'What is the phone number of the owner?',
    'In which city is this device?',
  ],
  form: [
    'What is the passport number?',
    'What is the name of the mother?',
    'How many children are there?',
    'What is the number of the bank account?',
  ],
  invoice: [
    'What is the phone number of the customer?',
    'How old is the customer?',
    'Which bank did the payment go through?',
    'What is the email address of the customer?',
  ],
  ticket: [
    'What is the phone number of the owner?',
    'How old is the owner of the ticket?',
    'How was the ticket paid for?',
    'Which language does the owner of the ticket speak?',
  ],
};

const COPIES = 5;

/** Of each document something that it tells and something that it doesn't. */
export async function refusalsSuite(place: string, say: (line: string) => void): Promise<Suite> {
  await openFonts(place, say);
  const items: SuiteItem[] = [];
  const first = FIRST_SUITE_SEED + 1000; // none that the suite of fields has
  const drawn = drawnDocuments(SEEN_TEMPLATES, SEEN_FONTS, { copies: COPIES, first });
  for await (const document of drawn) items.push(...refusalItems(document));
  const title = 'What a document tells, and what it does not: the mean of both';
  return { name: 'refusals', title, items, missing: [], weighsGroups: true, isRead: true };
}

/** One question of each side. */
export function refusalItems(document: DrawnDocument): SuiteItem[] {
  const { template, copy, picture, fields, draws } = document;
  const field = draws.one(fields);
  const untold = draws.one(UNTOLD_OF_DOCUMENTS[template.kind]);
  const name = `${template.name} ${copy}`;
  return [
    {
      ...{ name: `${name}: ${fieldLabel(field)}`, group: 'told', picture },
      ...{ question: questionFor(field, draws), answers: { values: field.values } },
    },
    {
      ...{ name: `${name}: untold`, group: 'not told', picture },
      ...{ question: untold, answers: { unknown: true } },
    },
  ];
}
