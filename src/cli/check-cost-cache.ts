import { load } from '../load.ts';
import { type Check, ok, reasonOf } from './check.ts';

/** Whether costs that one load measures are there for the next. */
export async function checkCostCache(): Promise<Check> {
  const name = 'cost cache';
  try {
    const cached = [await loadOnce(), await loadOnce()];
    if (cached[1]) return ok(name, 'costs timed at a load are kept for the next');
    const advice = 'Make ~/.cache/msd-ts writable, or set XDG_CACHE_HOME to a folder that is.';
    const detail = 'costs are timed again at every load, which takes half a second';
    return { name, status: 'warn', detail, advice };
  } catch (error) {
    const advice = 'See the line of the embedded pair.';
    return { name, status: 'fail', detail: reasonOf(error), advice };
  }
}

async function loadOnce(): Promise<boolean> {
  const { info, dispose } = await load();
  await dispose();
  return info.costs.cached;
}
