import { Writable } from 'node:stream';

/** Where a verb tells what is not its result. */
export type NoticeStream = NodeJS.WritableStream & { readonly isTTY: boolean };

/** Standard error, or nowhere with --quiet. Errors don't go through it. */
export function noticeStream(quiet: boolean | undefined): NoticeStream {
  if (!quiet) return process.stderr;
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  return Object.assign(nowhere, { isTTY: false });
}
