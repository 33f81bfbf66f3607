import type { Drafter, DraftJob, DraftTree } from './drafter.ts';
import type { GenerateEvent } from './generate.ts';
import type { SeenPicture } from './rows.ts';
import type { Tensor } from './session.ts';
import type { Forward, Step } from './target.ts';

/**
 * What an answer needs next. It yields the need and is resumed with the reply, so that somebody else can gather the
 * needs of many answers and serve them in one pass.
 */
export type Need =
  | { readonly type: 'target'; readonly step: Step }
  | { readonly type: 'draft'; readonly drafter: Drafter; readonly job: DraftJob }
  /** Feeds of the tower → visual embeddings [tokens, H]. */
  | { readonly type: 'vision'; readonly feeds: Readonly<Record<string, Tensor>> }
  /** A sequence's room in the caches, in columns, before its first pass. */
  | { readonly type: 'admission'; readonly columns: number }
  /** Work of the machine outside the networks, such as decoding a picture. Others go on meanwhile. */
  | { readonly type: 'host'; readonly work: () => Promise<unknown> }
  /** Until something was done for others. */
  | { readonly type: 'turn' }
  /** Told at once; no reply. */
  | { readonly type: 'events'; readonly events: readonly GenerateEvent[] };

/** A part of an answer: it yields needs, is resumed with their replies and returns R. */
export type Asking<R> = Generator<Need, R, unknown>;

/** @throws NonFiniteFeatureError where the step's rows are not finite */
export function* askTarget(step: Step): Asking<Forward> {
  const forward = (yield { type: 'target', step }) as Forward;
  if (forward.fault !== undefined) throw forward.fault;
  return forward;
}

export function* askDraft(drafter: Drafter, job: DraftJob): Asking<DraftTree | null> {
  return (yield { type: 'draft', drafter, job }) as DraftTree | null;
}

export function* askTower(feeds: Readonly<Record<string, Tensor>>): Asking<SeenPicture> {
  return (yield { type: 'vision', feeds }) as SeenPicture;
}

export function* askAdmission(columns: number): Asking<void> {
  yield { type: 'admission', columns };
}

export function* askTurn(): Asking<void> {
  yield { type: 'turn' };
}

export function* askHost<T>(work: () => Promise<T>): Asking<T> {
  return (yield { type: 'host', work }) as T;
}

export function* tell(events: readonly GenerateEvent[]): Asking<void> {
  if (events.length > 0) yield { type: 'events', events };
}
