import { Command, Option } from '@commander-js/extra-typings';
import { given } from '../flags/given.ts';
import { loadFlags } from '../flags/model-flags.ts';
import { decimalNumber, listed, wholeNumber } from '../flags/parse-flags.ts';
import { SERVE_HELP } from '../flags/serve-help.ts';
import { servingNotice } from '../print/start-notice.ts';
import { onInterrupt } from '../terminal/interrupts.ts';
import { noticesOn } from '../terminal/notice-stream.ts';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
const MEBIBYTE = 2 ** 20;

/**
 * `msd serve`: a model behind OpenAI's API, until Ctrl-C or a termination signal, which lets answers end. The log goes to
 * stdout, a JSON object a line; the address to stderr.
 */
export function serveCommand() {
  return loadFlags(new Command('serve'))
    .description('answer over HTTP, by the API of OpenAI')
    .optionsGroup('Who may ask:')
    .addOption(
      variable('--host <address>', 'where to listen (default: 127.0.0.1, this machine alone)'),
    )
    .addOption(
      variable('--port <n>', 'where to listen; 0 is any (default: 8080)').argParser(wholeNumber),
    )
    .addOption(
      variable(
        '--api-key-file <file>',
        'ask for one of these keys, one a line; or set MSD_API_KEY',
      ),
    )
    .addOption(
      variable(
        '--cors-origin <url>',
        'let pages of this origin ask; repeat for more, * is any',
      ).argParser(listed),
    )
    .addOption(
      variable('--image-host <name>', 'fetch pictures of this host too; repeat for more').argParser(
        listed,
      ),
    )
    .addOption(
      variable(
        '--name <name>',
        "what requests call the model; repeat for more (default: the model's)",
      ).argParser(listed),
    )
    .optionsGroup('How much it takes on:')
    .addOption(variable('--parallel <n>', 'answers at a time (default: 16)').argParser(wholeNumber))
    .addOption(
      variable('--queue <n>', 'answers that may wait beyond them (default: 64)').argParser(
        wholeNumber,
      ),
    )
    .addOption(
      variable(
        '--cache-mb <n>',
        'memory for what running answers have read, in MiB (default: 8192)',
      ).argParser(wholeNumber),
    )
    .addOption(
      variable('--body-mb <n>', 'largest request, in MiB (default: 64)').argParser(wholeNumber),
    )
    .addOption(
      variable('--pictures <n>', 'most pictures of a request (default: 16)').argParser(wholeNumber),
    )
    .addOption(
      variable('--picture-pixels <n>', 'most pixels of a picture (default: 40000000)').argParser(
        wholeNumber,
      ),
    )
    .addOption(
      variable('--queue-seconds <s>', 'longest wait for a place (default: 60)').argParser(
        decimalNumber,
      ),
    )
    .addOption(
      variable('--answer-seconds <s>', 'longest answer (default: 600)').argParser(decimalNumber),
    )
    .addOption(
      variable(
        '--grace-seconds <s>',
        'time for answers to end after Ctrl-C (default: 30)',
      ).argParser(decimalNumber),
    )
    .optionsGroup('What is printed:')
    .addOption(
      variable('--log-level <level>', 'what the log tells')
        .choices(LOG_LEVELS)
        .default('info' as const),
    )
    .addHelpText('after', SERVE_HELP)
    .action(async (flags) => {
      const { destination, pino } = await import('pino');
      const { readKeys } = await import('../../serve/guard/read-keys.ts');
      const { createServer } = await import('../../serve.ts');
      const { model, draft, draftPositions, force, threads, precision, device, ...others } = flags;
      const { apiKeyFile, logLevel, corsOrigin, imageHost, name, cacheMb, bodyMb, ...limits } =
        others;
      const log = pino(
        { level: logLevel, base: { pid: process.pid } },
        destination({ sync: false }),
      );
      const server = await createServer({
        ...given({ ...limits, corsOrigins: corsOrigin, imageHosts: imageHost, names: name }),
        ...(cacheMb !== undefined && { cacheBytes: cacheMb * MEBIBYTE }),
        ...(bodyMb !== undefined && { bodyBytes: bodyMb * MEBIBYTE }),
        keys: readKeys(apiKeyFile, process.env.MSD_API_KEY),
        load: given({ model, draft, draftPositions, force, threads, precision, device }),
        log,
      });
      const tell = noticesOn(process.stderr);
      let interrupts = 0;
      const ended = new Promise<void>((resolve, reject) => {
        const release = onInterrupt((exitCode) => {
          interrupts += 1;
          if (interrupts > 1) process.exit(exitCode);
          tell('Answers that run may end; again Ctrl-C leaves at once.\n');
          server.close().then(resolve, reject).finally(release);
        });
      });
      tell(`Listening at ${server.url}; loading the model.\n`);
      try {
        const info = await server.loaded;
        tell(
          `${servingNotice(info)}Ready: open ${server.url}/ in a browser, or try: curl ${server.url}/v1/models\n`,
        );
      } catch (error) {
        if (interrupts === 0) {
          await server.close();
          throw error;
        }
      }
      await ended;
    });
}

/** A flag that a variable stands for too: `--api-key-file` is MSD_API_KEY_FILE. */
function variable<const F extends string>(flags: F, about: string): Option<F> {
  const [name = ''] = flags.slice(2).split(' ');
  return new Option(flags, about).env(`MSD_${name.replaceAll('-', '_').toUpperCase()}`);
}
