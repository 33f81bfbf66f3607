import type { Comparison } from '../verbs/run/comparison.ts';

/** A comparison as `msd run --compare --json` prints it. */
export function comparisonJson(comparison: Comparison): Record<string, unknown> {
  const { pairs, speedUp, difference } = comparison;
  const side = ({ decode, target, draft, host, tokensPerPass }: Comparison['plain']) => ({
    decode_ms: decode,
    target_ms: target,
    draft_ms: draft,
    host_ms: host,
    tokens_per_pass: tokensPerPass,
  });
  return {
    pairs,
    equal: difference === null,
    speed_up: speedUp,
    plain: side(comparison.plain),
    speculative: side(comparison.speculative),
    ...(difference && {
      first_difference: {
        position: difference.position,
        plain_id: difference.plain,
        speculative_id: difference.speculative,
        plain_text: difference.plainText,
        speculative_text: difference.speculativeText,
      },
    }),
  };
}
