import { TINY_DRAFT, TINY_TARGET } from '../../checkpoint/testing/folders.ts';
import type { Fusion } from '../msd-graph.ts';
import { openWatchedDraft, type WatchedDraft } from './open-watched-draft.ts';

export type TinyDraft = WatchedDraft;

/** @param folder a draft of the tiny target */
export function openTinyDraft(fusion: Fusion, folder = TINY_DRAFT): Promise<TinyDraft> {
  return openWatchedDraft({ target: TINY_TARGET, draft: folder }, fusion);
}
