import { GraphError } from '../../contracts/errors.ts';
import type { ReaderNetworks, TextReader } from '../../contracts/reading.ts';
import { packageFile } from '../../files/package-file.ts';
import { readPage } from '../../input/reading/read-page.ts';
import type { SessionSettings } from '../../runtime/session.ts';
import { openStoredSession } from '../../runtime/stored-session.ts';

const DETECTOR = 'models/reader/PP-OCRv6_det_tiny.onnx';
const RECOGNISER = 'models/reader/PP-OCRv6_rec_tiny.onnx';

type Settings = Pick<SessionSettings, 'threads'>;

/**
 * The reader that comes with the package.
 * @throws PackageFileError, GraphError
 */
export async function openReader(settings: Settings): Promise<TextReader> {
  const networks = await openReaderNetworks(settings);
  return {
    read: (image) => readPage(image, networks),
    async dispose() {
      await Promise.all([networks.detector.dispose(), networks.recogniser.dispose()]);
    },
  };
}

/** @throws PackageFileError, GraphError */
export async function openReaderNetworks(settings: Settings): Promise<ReaderNetworks> {
  const { session: detector } = await openStoredSession(packageFile(DETECTOR), settings);
  const { session: recogniser, metadata } = await openStoredSession(
    packageFile(RECOGNISER),
    settings,
  );
  const listed = metadata.get('character');
  if (listed === undefined) throw new GraphError(`${RECOGNISER} does not name its characters.`);
  // One a line; the network's last class is the space between words.
  const characters = [...listed.split('\n').filter((line) => line !== ''), ' '];
  return { detector, recogniser, characters };
}
