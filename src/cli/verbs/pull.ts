import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { mistakenFolder } from '../../checkpoint/mistakes/mistaken-folder.ts';
import { pull } from '../../pull.ts';
import { given } from '../flags/given.ts';
import { listed } from '../flags/parse-flags.ts';
import { remedyWords } from '../print/remedy-words.ts';
import { byteSize } from '../print/units.ts';
import { createCancellation } from '../terminal/cancellation.ts';
import { createPullDisplay } from '../terminal/pull-display.ts';

/**
 * `msd pull`: a model from the Hugging Face hub into its cache; its folder goes to stdout. Exit code 130 after Ctrl-C,
 * which keeps what was fetched.
 */
export function pullCommand() {
  return new Command('pull')
    .description('fetch a model from the Hugging Face hub into the cache that Python uses too')
    .argument('<MODEL>', 'owner/name, or owner/name@revision (a branch, tag or commit)')
    .option('--file <path>', 'fetch only this file, as a .gguf; may be repeated', listed)
    .option('--offline', 'ask nobody; succeed if it was pulled before')
    .addHelpText('after', HELP)
    .action(async (text, { file: files, offline }) => {
      const display = createPullDisplay(process.stderr, () => performance.now());
      const { signal, beGentle, release } = createCancellation(display.clear);
      beGentle();
      try {
        const pulled = await pull(text, {
          ...given({ files, offline }),
          signal,
          onProgress: display.update,
          onNotice: display.tell,
        });
        const { folder, fetchedBytes, bytes } = pulled;
        display.tell(`${text}: ${byteSize(bytes)}, ${byteSize(fetchedBytes)} of it fetched`);
        if (files === undefined) (await noModel(text, folder)).forEach(display.tell);
        const paths =
          files === undefined ? [folder] : pulled.files.map((path) => join(folder, path));
        process.stdout.write(paths.map((path) => `${path}\n`).join(''));
      } catch (cause) {
        if (!signal.aborted) throw cause;
        display.tell('stopped; the same command goes on from here');
      } finally {
        display.clear();
        release();
      }
    });
}

/** What was fetched, where that is another thing than a model, and what goes on. */
async function noModel(name: string, folder: string): Promise<string[]> {
  const mistake = await mistakenFolder(folder);
  if (mistake === undefined) return [];
  const { what, advice, remedy } = mistake;
  const sentence = `${name} is ${what}; ${advice}.`;
  if (remedy === undefined) return [sentence];
  const named = remedy.kind === 'merge-adapters' ? { ...remedy, folder: name } : remedy;
  return [`${sentence} ${remedyWords(named)}`];
}

const HELP = `
Examples:
  msd pull llava-hf/llava-1.5-7b-hf
  msd run --model llava-hf/llava-1.5-7b-hf --image photo.png "Describe the picture."
  msd pull owner/name-gguf --file name-q4_k_m.gguf

Fetched are the configuration, templates, tokenizer and weights beside config.json: safetensors, or
pytorch_model*.bin where there are none; of LoRA adapters, what msd export merges into their model. Every file is checked by size and hash. A pull that was stopped,
however, goes on where it was. Elsewhere names are only looked up in the cache; nothing is fetched unasked.

HF_HOME, HF_HUB_CACHE   where the cache is (default: ~/.cache/huggingface/hub)
HF_TOKEN                for models that need one; else the token of "hf auth login"
HF_ENDPOINT             another server than https://huggingface.co
HF_HUB_OFFLINE=1        as --offline
HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY   proxies, and hosts that are asked without
HF_HUB_DOWNLOAD_TIMEOUT seconds of silence before another try (default: 10)`;
