import {
  type DrawnDocument,
  drawnDocuments,
  FIRST_SUITE_SEED,
  fieldLabel,
  questionFor,
} from '../../src/evaluate/pictures/documents/drawn-documents.ts';
import {
  FIELD_QUESTIONS,
  type FieldName,
} from '../../src/evaluate/pictures/documents/field-questions.ts';
import { SEEN_TEMPLATES } from '../../src/evaluate/pictures/documents/seen-templates.ts';
import { SEEN_FONTS } from '../../src/evaluate/pictures/fonts.ts';
import { type ReadAll, readDialogues, SUITES_OWN, TURNS, type Turn } from './read-dialogues.ts';
import { CAN_NOT_TELL } from './taught-phrasings.ts';
import type { Question } from './write-questions.ts';

/**
 * Dialogues about documents of the templates that models may learn from, drawn by seeds that no suite has, with what the
 * reader finds in them and true answers: fields, and that others can't be told.
 */
export async function documentDialogues(count: number, readAll: ReadAll): Promise<Question[]> {
  const copies = Math.ceil(Math.min(count, FIRST_SUITE_SEED) / SEEN_TEMPLATES.length);
  const documents: DrawnDocument[] = [];
  for await (const one of drawnDocuments(SEEN_TEMPLATES, SEEN_FONTS, { copies, first: 0 })) {
    if (documents.length < count) documents.push(one);
  }
  // A field that no document of these has would only ever be taught as one that can't be told.
  const taught = new Set(documents.flatMap(({ fields }) => fields.map(({ name }) => name)));
  const pictures = documents.map((document) => ({
    name: `${document.template.name}-${document.copy}`.replace(/[^\w-]+/g, '_'),
    file: document.picture,
    turns: (words: string) => documentTurns(document, words, taught),
  }));
  return readDialogues(pictures, readAll);
}

/**
 * Questions and answers; none where the reader found no field's value.
 * @param taught fields that documents have: what this one lacks of them can't be told
 */
export function documentTurns(
  { fields, draws }: Pick<DrawnDocument, 'fields' | 'draws'>,
  words: string,
  taught: ReadonlySet<FieldName>,
): Turn[] {
  const told = fields.filter(({ values: [printed = ''] }) => words.includes(printed));
  if (told.length === 0) return [];
  const own = new Set<FieldName>(fields.map(({ name }) => name));
  const others = [...taught].filter((name) => !own.has(name));
  const untold = others
    .flatMap((name): readonly string[] => FIELD_QUESTIONS[name])
    .filter((question) => !question.includes('{}') && !SUITES_OWN.has(question));
  const asked = new Set<string>();
  return Array.from({ length: TURNS }, (): Turn => {
    const left = told.filter((field) => !asked.has(fieldLabel(field)));
    if (left.length === 0 || draws.chance(0.3)) return [draws.one(untold), CAN_NOT_TELL];
    const field = draws.one(left);
    asked.add(fieldLabel(field));
    return [questionFor(field, draws), `It is ${field.values[0]}.`];
  });
}
