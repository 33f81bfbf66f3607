import { fixedDim, type GraphNode, type Value } from '../graph.ts';
import { add, div, exp, mul, scalar, scale, sqrt, sub } from '../operators/elementwise.ts';
import { expandLike, scatterLast } from '../operators/layout.ts';
import { meanLast, sumOver } from '../operators/reduce.ts';
import { perInput, type Rule } from './rule.ts';
import { unbroadcast } from './unbroadcast.ts';

export const reduceRules: Readonly<Record<string, Rule>> = {
  ReduceSum: perInput((g, { a }) => [() => expandLike(g, a)]),
  ReduceMean: perInput((g, { a }) => [() => expandLike(scale(g, 1 / fixedDim(a, -1)), a)]),
  Softmax: perInput((g, { output }) => [
    () => {
      const weighted = mul(g, output);
      return sub(weighted, mul(output, sumOver(weighted, [-1])));
    },
  ]),
  LogSoftmax: perInput((g, { output }) => [() => sub(g, mul(exp(output), sumOver(g, [-1])))]),
  TopK: ({ inputs: [x], outputs: [, indices] }, [g]) => [
    g && scatterLast(g, indices as Value, x as Value),
  ],
  LayerNormalization: layerNormRule,
};

/** With x̂ = (x - mean) / σ: dx = (ĝ - mean(ĝ) - x̂ mean(ĝ x̂)) / σ where ĝ = g · gain. */
function layerNormRule(
  { inputs, attributes }: GraphNode,
  [gradient]: readonly (Value | undefined)[],
  wants: (input: number) => boolean,
) {
  const [x, gain, bias] = inputs as [Value, Value, Value];
  const g = gradient as Value;
  const { float: eps } = attributes.epsilon as { float: number };
  const centred = sub(x, meanLast(x));
  const sigma = sqrt(add(meanLast(mul(centred, centred)), scalar(x, eps)));
  const unit = div(centred, sigma);
  const through = () => {
    const weighted = mul(g, gain);
    const even = sub(weighted, meanLast(weighted));
    return div(sub(even, mul(unit, meanLast(mul(weighted, unit)))), sigma);
  };
  return [
    wants(0) ? through() : undefined,
    wants(1) ? unbroadcast(mul(g, unit), gain) : undefined,
    wants(2) ? unbroadcast(g, bias) : undefined,
  ];
}
