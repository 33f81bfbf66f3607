import type { WeightRef } from '../../contracts/checkpoint.ts';
import {
  CONVERTED_PRECISIONS,
  type ConvertedPrecision,
  type Precision,
} from '../../contracts/load.ts';
import type { Form, Packing } from './form.ts';
import { int4 } from './int4/int4.ts';
import { plain } from './plain.ts';
import { w8a8 } from './w8a8/w8a8.ts';

/** The number formats: a row each. */
const FORMS = { fp32: plain, w8a8, int4 } satisfies {
  readonly [P in Precision]: P extends ConvertedPrecision ? Form & { packing: Packing } : Form;
};

export const formOf = ({ form }: Pick<WeightRef, 'form'>): Form => FORMS[form?.kind ?? 'fp32'];

export const formNamed = (precision: Precision): Form => FORMS[precision];

export const packingOf = (precision: ConvertedPrecision): Packing => FORMS[precision].packing;

/** Says of a file what it was converted to. */
export interface FormMark {
  readonly kind: string;
  readonly version: number;
}

export const markOf = (kind: ConvertedPrecision): FormMark => ({
  kind,
  version: packingOf(kind).version,
});

/** Whether files that are marked so are still read. */
export const isRead = (mark: FormMark | undefined): boolean =>
  CONVERTED_PRECISIONS.some(
    (kind) => kind === mark?.kind && packingOf(kind).version === mark.version,
  );
