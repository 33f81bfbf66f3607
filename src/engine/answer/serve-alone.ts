import type { Asking } from '../../contracts/need.ts';
import type { Model } from '../model.ts';

/** Runs a machine to its end with nobody else in its passes. */
export async function serveAlone<R>(
  machine: Asking<R>,
  { target, embed }: Pick<Model, 'target'> & Partial<Pick<Model, 'embed'>>,
): Promise<R> {
  let given = machine.next();
  while (!given.done) {
    const need = given.value;
    let reply: unknown;
    if (need.type === 'target') [reply] = await target.forward([need.step]);
    else if (need.type === 'draft') [reply] = await need.drafter.run([need.job]);
    else if (need.type === 'vision') reply = await embed?.(need.feeds);
    else if (need.type === 'host') reply = await need.work();
    given = machine.next(reply);
  }
  return given.value;
}
