import { NonFiniteFeatureError } from '../contracts/errors.ts';

/** Nothing of such a pass may be used: keys and values of a cache all count, and there is no distribution. */
export const draftNotFinite = (): NonFiniteFeatureError =>
  new NonFiniteFeatureError(
    'The draft computed NaN or infinity; check its checkpoint, or use another drafter.',
  );
