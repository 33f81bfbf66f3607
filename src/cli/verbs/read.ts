import { Command } from '@commander-js/extra-typings';
import { readText } from '../../read-text.ts';
import { READ_HELP } from '../flags/help-texts.ts';
import { readingNotice } from '../print/reading-notice.ts';
import { readingsJson } from '../print/readings-json.ts';
import { noticeStream, noticesOn } from '../terminal/notice-stream.ts';

/** `msd read`: the text of pictures. Text goes to stdout, how many lines there were to stderr. */
export function readCommand() {
  return new Command('read')
    .description('print the text of pictures, without a model')
    .argument('<FILE...>', 'PNG, JPEG, WebP or GIF')
    .option('--json', 'print one JSON object: lines with their boxes, and how sure they are')
    .option('-q, --quiet', 'nothing but the text; errors are still told')
    .addHelpText('after', READ_HELP)
    .action(async (files, { json, quiet }) => {
      const readings = await readText(files);
      noticesOn(noticeStream(quiet))(readingNotice(readings));
      if (json) process.stdout.write(`${JSON.stringify({ pictures: readingsJson(readings) })}\n`);
      else for (const { text } of readings) if (text !== '') process.stdout.write(`${text}\n`);
    });
}
