import { editDistance } from './edit-distance.ts';

/** Edits from the truth to what was read, and the truth's characters, any white space counting as one space. */
export function characterErrors(truth: string, read: string): { errors: number; of: number } {
  const [a, b] = [truth, read].map((text) => [...text.replace(/\s+/g, ' ').trim()]);
  return { errors: editDistance(a ?? [], b ?? []), of: a?.length ?? 0 };
}
