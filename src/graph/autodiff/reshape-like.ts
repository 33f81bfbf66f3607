import type { Value } from '../graph.ts';
import { reshape, reshapeTo, shapeOf } from '../operators/layout.ts';

/** x in the shape of `like`, whose sizes are asked for at run time if more than one is a name. */
export function reshapeLike(x: Value, like: Value): Value {
  const names = like.shape.filter((dim) => typeof dim === 'string');
  return names.length <= 1 ? reshape(x, like.shape) : reshapeTo(x, shapeOf(like), like.shape);
}
