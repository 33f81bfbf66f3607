/**
 * What the target computed for the answers that are kept, put where trainings look for it: they then never run the
 * target for these answers. Kept is every row that was read, so all but an answer's last token.
 */
import { createHash } from 'node:crypto';
import type { Answered } from '../../engine/answer/answer-state.ts';
import { visualRows } from '../../engine/answer/visual-rows.ts';
import type { Model } from '../../engine/model.ts';
import type { FeatureCache } from '../features/feature-cache.ts';
import { featureKey, topLogitsKey } from '../features/feature-key.ts';
import { toHalves } from '../features/float16.ts';
import { TOP_LOGITS } from '../features/top-logits.ts';
import type { HarvestSettings } from './harvest-settings.ts';
import { isKept } from './is-kept.ts';
import type { RecordingTarget } from './record-rows.ts';

export interface AnswerKeeper {
  readonly onAnswered: (answered: Answered) => void;
  /** Settles once all answers so far are on disk, or the cache has given up writing and said so. */
  readonly settled: () => Promise<void>;
}

export function keepAnswers(
  model: Pick<Model, 'files' | 'info'>,
  target: RecordingTarget,
  cache: FeatureCache,
  settings: HarvestSettings,
): AnswerKeeper {
  let putting: Promise<void> = Promise.resolve();
  return {
    onAnswered(answered) {
      if (!isKept(answered, settings)) return;
      const { request, prompt, ids, sequence } = answered;
      const read = Int32Array.of(...prompt.ids, ...ids.slice(0, -1));
      const { features, tops } = target.recorded(sequence, read.length);
      const { embeddings } = visualRows(prompt, 0, read.length) ?? {};
      const pictures = toHalves(embeddings?.data ?? new Float32Array(0));
      const halves = new Uint16Array(features.length + pictures.length);
      halves.set(features);
      halves.set(pictures, features.length);
      const digests = request.images.map(({ bytes }) =>
        createHash('sha256').update(bytes).digest('hex'),
      );
      const key = featureKey(model, { ids: read, spans: prompt.spans }, digests);
      const from = (prompt.ids.length - 1) * TOP_LOGITS; // the row that the first token was drawn from
      putting = putting.then(async () => {
        await cache.put(key, halves);
        await cache.put(topLogitsKey(key), tops.slice(from));
      });
    },
    settled: () => putting,
  };
}
