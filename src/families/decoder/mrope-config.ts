/** M-RoPE in a config: the object that other models describe their rope's scaling with names a section for each axis. */
import * as z from 'zod';
import { fieldError } from '../../contracts/config-fields.ts';

const sections = z.array(z.int().min(0)).length(3);

/** The type `mrope` of published files changes no frequency: it only says that there is a `mrope_section`. */
export function withoutMrope(rope: unknown): unknown {
  if (typeof rope !== 'object' || rope === null) return rope;
  const plain = Object.entries(rope).map(([field, value]) =>
    /^(rope_)?type$/.test(field) && value === 'mrope' ? [field, 'default'] : [field, value],
  );
  return Object.fromEntries(plain);
}

/**
 * How many of a head's frequencies turn by time, by height and by width: [3]
 * @param at where the fields stand in the config, for messages: '' or 'text_config.'
 * @throws CheckpointError that names the field
 */
export function mropeSection(
  path: string,
  at: string,
  rope: Readonly<Record<string, unknown>> | null | undefined,
  frequencies: number,
): readonly number[] {
  const { mrope_section: given, mrope_interleaved: mixed = false } = rope ?? {};
  if (mixed !== false) {
    const expectation = 'this version runs only false';
    throw fieldError(path, `${at}rope_scaling.mrope_interleaved`, mixed, expectation);
  }
  const read = sections.safeParse(given);
  if (read.success && read.data.reduce((sum, size) => sum + size) === frequencies) return read.data;
  const expectation = `it must share out the ${frequencies} frequencies of a head to time, height and width`;
  throw fieldError(path, `${at}rope_scaling.mrope_section`, given, expectation);
}
