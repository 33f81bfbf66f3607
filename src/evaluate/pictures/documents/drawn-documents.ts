import { createDraws, type Draws } from '../draws.ts';
import { drawPage } from '../pages/draw-page.ts';
import type { PageFonts } from '../pages/lay-page.ts';
import { pictureFile } from '../picture-file.ts';
import { FIELD_QUESTIONS } from './field-questions.ts';
import type { DocumentTemplate, Field } from './template.ts';

/** Seeds of documents that models are measured with; below it they are training's. */
export const FIRST_SUITE_SEED = 1_000_000;

export interface DrawnDocument {
  readonly template: DocumentTemplate;
  readonly copy: number;
  readonly picture: Uint8Array;
  readonly fields: readonly Field[];
  /** For what is asked of it. */
  readonly draws: Draws;
}

/**
 * So many documents of each template, in fonts that fontconfig must know.
 * @param first seed of the first
 */
export async function* drawnDocuments(
  templates: readonly DocumentTemplate[],
  fonts: PageFonts,
  { copies, first }: { readonly copies: number; readonly first: number },
): AsyncGenerator<DrawnDocument> {
  for (let copy = 0; copy < copies; copy++) {
    for (const [index, template] of templates.entries()) {
      const seed = first + copy * templates.length + index;
      const draws = createDraws(seed);
      const { sheet, fields } = template.lay(draws, fonts);
      const picture = await pictureFile(await drawPage(sheet, seed));
      yield { template, copy: copy + 1, picture, fields, draws };
    }
  }
}

/** A question about a field, in one of its phrasings. */
export function questionFor({ name, of = '' }: Field, draws: Draws): string {
  return draws.one<string>(FIELD_QUESTIONS[name]).replace('{}', of);
}

/** What a field is called among those of its document. */
export const fieldLabel = ({ name, of }: Field): string =>
  of === undefined ? name : `${name} of ${of}`;
