import * as z from 'zod';
import type { RopeScaling } from '../../contracts/checkpoint.ts';
import { count, fieldError, parseFields, positive } from '../../contracts/config-fields.ts';

const type = z.enum(['default', 'linear', 'dynamic', 'llama3', 'yarn']).optional();

/** `type` is the older name of `rope_type`. The other fields are read by the schema of the type. */
const scalingSchema = z.looseObject({ rope_type: type, type });

/** The fields of a config that say how queries and keys are turned. */
export const ropeFields = {
  rope_theta: positive.optional(),
  rope_scaling: scalingSchema.nullish(),
  /** Where transformers 5 writes both. */
  rope_parameters: scalingSchema.extend({ rope_theta: positive.optional() }).nullish(),
};

const ropeSchema = z.object({ ...ropeFields, max_position_embeddings: count });

/**
 * Base and scaling of the rotary frequencies, and how far they reach, as transformers 4.57 reads them, or 5 where it
 * wrote the file. `dynamic` changes nothing up to `max_position_embeddings`, and there the context ends here: beyond,
 * Hugging Face turns the rows of each pass by the text's length at that time and leaves cached keys as they were.
 * @param section where the fields stand in the config, for messages: '' or 'text_config.'
 * @throws CheckpointError that names the field
 */
export function ropeConfig(
  path: string,
  section: string,
  fields: z.output<typeof ropeSchema>,
): { ropeTheta: number; ropeScaling?: RopeScaling; contextLength: number } {
  const { rope_theta: theta, rope_parameters: newer, rope_scaling: older } = fields;
  const base = newer?.rope_theta;
  if (base !== undefined && theta !== undefined && base !== theta) {
    throw fieldError(path, `${section}rope_theta`, theta, `rope_parameters says ${base}`);
  }
  const length = fields.max_position_embeddings;
  const read = (name: string, given: z.output<typeof scalingSchema> | null | undefined) =>
    given ? readScaling(path, `${section}${name}`, given, length) : undefined;
  const [told, toldNewly] = [read('rope_scaling', older), read('rope_parameters', newer)];
  if (older && newer && JSON.stringify(told) !== JSON.stringify(toldNewly)) {
    throw fieldError(path, `${section}rope_scaling`, older, 'rope_parameters says something else');
  }
  const scaling = told ?? toldNewly;
  return {
    ropeTheta: theta ?? base ?? 10_000,
    ...(scaling && { ropeScaling: scaling }),
    contextLength: scaling?.type === 'yarn' ? yarnLength(scaling, length) : length,
  };
}

/** The original context, stretched; a config may still say how long it was before. */
function yarnLength(
  { factor, originalLength }: Extract<RopeScaling, { type: 'yarn' }>,
  length: number,
): number {
  return Math.max(length, Math.floor(originalLength * factor));
}

function readScaling(
  path: string,
  name: string,
  given: z.output<typeof scalingSchema>,
  contextLength: number,
): RopeScaling | undefined {
  const { rope_type: kind = given.type ?? 'default', type: olderName = kind } = given;
  if (kind !== olderName) {
    throw fieldError(path, `${name}.type`, olderName, `rope_type says ${kind}`);
  }
  const schema = z.object({ [name]: scalingSchemas(contextLength)[kind] });
  const scaling = parseFields(path, schema, { [name]: given })[name];
  if (scaling?.type === 'llama3' && scaling.highFrequency <= scaling.lowFrequency) {
    const expectation = `it must be more than low_freq_factor ${scaling.lowFrequency}`;
    throw fieldError(path, `${name}.high_freq_factor`, scaling.highFrequency, expectation);
  }
  return scaling;
}

const factor = z.number().min(1);

/** @param contextLength what YaRN takes for the original one where a file does not say */
function scalingSchemas(
  contextLength: number,
): Record<NonNullable<z.output<typeof type>>, z.ZodType<RopeScaling | undefined>> {
  return {
    default: z.object({}).transform(() => undefined),
    dynamic: z.object({ factor }).transform(() => undefined),
    linear: z.object({ factor }).transform((given) => ({ type: 'linear', ...given }) as const),
    llama3: z
      .object({
        factor,
        low_freq_factor: positive,
        high_freq_factor: positive,
        original_max_position_embeddings: count,
      })
      .transform((given) => ({
        type: 'llama3',
        factor: given.factor,
        lowFrequency: given.low_freq_factor,
        highFrequency: given.high_freq_factor,
        originalLength: given.original_max_position_embeddings,
      })),
    yarn: yarnSchema.transform((given) => ({
      type: 'yarn',
      factor: given.factor,
      originalLength: given.original_max_position_embeddings ?? contextLength,
      betaFast: given.beta_fast ?? 32,
      betaSlow: given.beta_slow ?? 1,
      truncate: given.truncate,
      attentionFactor: given.attention_factor ?? yarnAttention(given),
    })),
  };
}

const yarnSchema = z.object({
  factor,
  attention_factor: positive.nullish(),
  beta_fast: positive.nullish(),
  beta_slow: positive.nullish(),
  mscale: z.number().nullish(),
  mscale_all_dim: z.number().nullish(),
  original_max_position_embeddings: count.nullish(),
  truncate: z.boolean().default(true),
});

/** The published rule where a file gives no `attention_factor`; a zero counts as not given. */
function yarnAttention(given: z.output<typeof yarnSchema>): number {
  const { mscale, mscale_all_dim: all } = given;
  const grown = (share: number) => 0.1 * share * Math.log(given.factor) + 1; // 1 for a factor of 1
  return mscale && all ? grown(mscale) / grown(all) : grown(1);
}
