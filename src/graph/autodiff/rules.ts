import { attentionRules } from './attention-rules.ts';
import { elementwiseRules } from './elementwise-rules.ts';
import { layoutRules } from './layout-rules.ts';
import { matrixRules } from './matrix-rules.ts';
import { reduceRules } from './reduce-rules.ts';
import type { Rule } from './rule.ts';

/** One rule for each operator through which gradients flow, by its ONNX name. */
export const RULES: ReadonlyMap<string, Rule> = new Map(
  [attentionRules, elementwiseRules, layoutRules, matrixRules, reduceRules].flatMap(
    Object.entries<Rule>,
  ),
);
