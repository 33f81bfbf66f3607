import * as z from 'zod';

const schema = z.object({
  harvest: z.object({ answers: z.array(z.object({ ids: z.array(z.int().min(0)).min(1) })) }),
});

/** The tokens of each answer in a record of `msd harvest`, end tokens included; undefined for other records. */
export function harvestedAnswers(record: unknown): readonly Int32Array[] | undefined {
  const read = schema.safeParse(record);
  return read.success
    ? read.data.harvest.answers.map(({ ids }) => Int32Array.from(ids))
    : undefined;
}
