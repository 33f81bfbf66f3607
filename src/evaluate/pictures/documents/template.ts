/** Documents that are drawn by a seed, and what can be asked of them. */
import type { Draws } from '../draws.ts';
import type { PageFonts } from '../pages/lay-page.ts';
import type { Sheet } from '../pages/page.ts';
import type { FieldName } from './field-questions.ts';

export type DocumentKind = 'receipt' | 'screen' | 'form' | 'invoice' | 'ticket';

export interface DocumentTemplate {
  readonly name: string;
  readonly kind: DocumentKind;
  readonly lay: (draws: Draws, fonts: PageFonts) => LaidDocument;
}

interface LaidDocument {
  readonly sheet: Sheet;
  readonly fields: readonly Field[];
}

/** Something that stands on a document once. */
export interface Field {
  readonly name: FieldName;
  /** What the question speaks of, where a document has several such fields: the article of a price. */
  readonly of?: string;
  /** Any of these is right; the first is how it is printed. */
  readonly values: readonly string[];
}
