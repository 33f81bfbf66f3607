import { Option } from '@commander-js/extra-typings';
import type { WeightDtype } from '../../contracts/checkpoint.ts';

const TYPES = { f32: 'F32', f16: 'F16', bf16: 'BF16' } as const satisfies Record<
  string,
  WeightDtype
>;

const WEIGHT_TYPES = ['f32', 'f16', 'bf16'] as const;

export function weightTypeFlag(description: string) {
  return new Option('--dtype <type>', description).choices(WEIGHT_TYPES);
}

/** Of a file whose numbers may stay as they are stored. */
export function importTypeFlag(description: string) {
  return new Option('--dtype <type>', description).choices([...WEIGHT_TYPES, 'stored'] as const);
}

export function weightType(flag: keyof typeof TYPES): WeightDtype {
  return TYPES[flag];
}
