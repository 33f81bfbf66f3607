import { OptionError } from '../../contracts/errors.ts';
import type { TextReader } from '../../contracts/reading.ts';
import type { Host } from '../host.ts';

/** The host's reader, opened by the first picture that is to be read. */
export function createLazyReader({ openReader }: Pick<Host, 'openReader'>): TextReader {
  let opened: Promise<TextReader> | undefined;
  return {
    async read(image) {
      if (openReader === undefined) {
        throw new OptionError('readText', 'must be false: nothing here reads text in pictures.');
      }
      opened ??= openReader();
      const reader = await opened.catch((error: unknown) => {
        opened = undefined; // the next request tries again
        throw error;
      });
      return reader.read(image);
    },
    async dispose() {
      await opened?.then(
        (reader) => reader.dispose(),
        () => {},
      );
    },
  };
}
