import type { GenerateOptions, Sampling } from '../../src/contracts/generate.ts';
import { mostLikely } from '../../src/decode/probabilities.ts';
import { pickToken } from '../../src/decode/sample.ts';
import { resolveOptions } from '../../src/engine/answer/resolve-options.ts';
import { drawDistance } from './draw-distance.ts';
import type { OpenModel } from './lab.ts';
import { openPlainReader } from './plain-reader.ts';
import { prepareRequest } from './prepare-request.ts';

/**
 * Lets plain decoding read a text that differs from its own, and tells how far off its tokens are, at worst: greedy, how
 * far a token's logit is below the highest; sampling, how far its draw is from where the token would be drawn; 0 for a
 * token that plain decoding would write too.
 */
export async function teacherForce(
  open: OpenModel,
  options: GenerateOptions,
  ids: readonly number[],
): Promise<number> {
  const request = resolveOptions(options);
  const reader = await openPlainReader(open.model.target, await prepareRequest(open, options));
  let worst = 0;
  for (const id of ids) {
    worst = Math.max(worst, shortfall(reader.logits, request.sampling, reader.position, id));
    await reader.read(id);
  }
  reader.close();
  return worst;
}

function shortfall(logits: Float32Array, sampling: Sampling, position: number, id: number): number {
  if (pickToken(logits, sampling, position) === id) return 0;
  if (sampling.temperature > 0) return drawDistance(logits, sampling, position, id);
  return (logits[mostLikely(logits)] as number) - (logits[id] as number);
}
