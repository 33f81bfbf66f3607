import { fixedDim, type Value } from '../graph/graph.ts';
import { cast, clip, equals, log, mul, scale, sub } from '../graph/operators/elementwise.ts';
import { oneHot } from '../graph/operators/layout.ts';
import {
  argmaxLast,
  logSoftmax,
  maxLast,
  meanLast,
  softmax,
  sumAll,
  sumOver,
} from '../graph/operators/reduce.ts';

/** SmoothL1 with β = 1, mean over the last axis: ½d² up to |d| = 1, |d| - ½ beyond. x, y [w, H] → [w, 1] */
export function smoothL1(x: Value, y: Value): Value {
  const apart = sub(x, y);
  const near = clip(apart, -1, 1);
  return meanLast(mul(near, sub(apart, scale(near, 0.5))));
}

/** Cross-entropy of a row against another's distribution, summed over rows. logits [w, V] both → [1] */
export function softCrossEntropy(logits: Value, target: Value): Value {
  return scale(sumAll(mul(softmax(target), logSoftmax(logits))), -1);
}

/** Cross-entropy against the tokens that follow, summed over rows. logits [w, V], tokens int32 [w] → [1] */
export function crossEntropy(logits: Value, tokens: Value): Value {
  const chosen = mul(oneHot(tokens, fixedDim(logits, -1)), logSoftmax(logits));
  return scale(sumAll(chosen), -1);
}

/** Rows whose likeliest entry is the same. logits [w, V] both → [1] */
export const agreeing = (logits: Value, target: Value): Value => sumAll(agrees(logits, target));

/** 1 where a row's likeliest entry is the same, else 0. logits [w, V] both → [w] */
export function agrees(logits: Value, target: Value): Value {
  const [left, right] = [logits, target].map((x) => cast(argmaxLast(x), 'float32')) as [
    Value,
    Value,
  ];
  return equals(left, right);
}

/** Row by row the sum of products: a, b [w, m] → [w, 1] */
export const rowProducts = (a: Value, b: Value): Value => sumOver(mul(a, b), [-1]);

/** Logarithm of the sum of exponentials, of logits whose softmax is known: [w, V] both → [w, 1] */
export const logSumExp = (logits: Value, probabilities: Value): Value =>
  sub(maxLast(logits), log(maxLast(probabilities)));
