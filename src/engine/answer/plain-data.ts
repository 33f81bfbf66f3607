import * as z from 'zod';

/** What is given as JSON would keep it: it crosses to the engine so. */
export function plainData<Given>(given: Given, context: z.RefinementCtx): Given {
  try {
    return JSON.parse(JSON.stringify(given)) as Given;
  } catch {
    context.addIssue('must hold what JSON can write.');
    return z.NEVER;
  }
}
