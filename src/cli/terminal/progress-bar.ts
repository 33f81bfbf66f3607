import cliProgress from 'cli-progress';
import type { NoticeStream } from './notice-stream.ts';

/** What a terminal is sent to keep the cursor's place, and to go back there. */
const PLACES: ReadonlySet<unknown> = new Set(['\x1b7', '\x1b8']);

/**
 * A bar that is gone when it stops, from the line that it stands in then: back where it began other lines may stand,
 * once the screen has scrolled, was resized, or text was written above it.
 */
export function createProgressBar(
  stream: NoticeStream,
  format: NonNullable<cliProgress.Options['format']>,
): cliProgress.SingleBar {
  const write = (text: string | Uint8Array, ...more: []) =>
    PLACES.has(text) || stream.write(text, ...more);
  return new cliProgress.SingleBar({
    stream: Object.create(stream, { write: { value: write } }),
    format,
    clearOnComplete: true,
    gracefulExit: false,
  });
}
