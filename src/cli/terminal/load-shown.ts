import type { LoadOptions } from '../../contracts/load.ts';
import { load, type MsdModel } from '../../load.ts';
import { given } from '../flags/given.ts';
import { createByteProgress } from './byte-progress.ts';
import type { NoticeStream } from './notice-stream.ts';
import type { Progress } from './progress.ts';

type Flags = {
  readonly [K in Exclude<keyof LoadOptions, 'thread' | 'onProgress'>]?: LoadOptions[K] | undefined;
};

/** Loads what the flags say, and shows that it takes its time. */
export async function loadShown(
  flags: Flags,
  progress: Progress,
  notices: NoticeStream = process.stderr,
): Promise<MsdModel> {
  const { model, draft, precision, device, threads, draftPositions, force } = flags;
  const bytes = createByteProgress(notices);
  progress.start(`loading ${model ?? 'the embedded model'}`);
  try {
    return await load({
      ...given({ model, draft, precision, device, threads, draftPositions, force }),
      onProgress({ precision, doneBytes, totalBytes }) {
        progress.clear();
        bytes.update(`converting to ${precision}`, doneBytes, totalBytes);
      },
    });
  } finally {
    progress.clear();
    bytes.clear();
  }
}
