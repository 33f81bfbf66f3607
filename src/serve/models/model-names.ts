import { basename } from 'node:path';
import { ApiError } from '../api/api-error.ts';

/**
 * The name that an answer bears: the one that was asked for, or the first without one.
 * @throws ApiError 404 with the names that there are
 */
export function modelNamed(asked: string | undefined, names: readonly string[]): string {
  if (asked === undefined) return names[0] as string;
  if (names.includes(asked)) return asked;
  throw new ApiError(
    404,
    'model_not_found',
    `There is no model ${JSON.stringify(asked.slice(0, 200))} here; there is ${names.join(', ')}.`,
    { param: 'model' },
  );
}

/** What a model is called that was given no name: its name on the hub, or its folder's. */
export function usualNames(model: string | undefined): string[] {
  if (model === undefined) return ['glance'];
  const isHub = /^[\w.-]+\/[\w.-]+(@[\w.-]+)?$/.test(model);
  return [isHub ? model : basename(model)];
}
