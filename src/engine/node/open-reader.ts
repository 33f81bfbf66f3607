import { GraphError } from '../../contracts/errors.ts';
import type { TextReader } from '../../contracts/reading.ts';
import { packageFile } from '../../files/package-file.ts';
import { readPage } from '../../input/reading/read-page.ts';
import type { SessionSettings } from '../../runtime/session.ts';
import { openStoredSession } from '../../runtime/stored-session.ts';

const DETECTOR = 'models/reader/PP-OCRv6_det_tiny.onnx';
const RECOGNISER = 'models/reader/PP-OCRv6_rec_tiny.onnx';

/**
 * The reader that comes with the package.
 * @throws PackageFileError, GraphError
 */
export async function openReader(settings: Pick<SessionSettings, 'threads'>): Promise<TextReader> {
  const { session: detector } = await openStoredSession(packageFile(DETECTOR), settings);
  const { session: recogniser, metadata } = await openStoredSession(
    packageFile(RECOGNISER),
    settings,
  );
  const listed = metadata.get('character');
  if (listed === undefined) throw new GraphError(`${RECOGNISER} does not name its characters.`);
  const characters = [...listed.split('\n').filter((line) => line !== ''), ' '];
  return {
    read: (image) => readPage(image, { detector, recogniser, characters }),
    async dispose() {
      await Promise.all([detector.dispose(), recogniser.dispose()]);
    },
  };
}
