import { createInterface } from 'node:readline/promises';
import { Command } from '@commander-js/extra-typings';
import { hubCache } from '../checkpoint/hub/hub-environment.ts';
import { lockModel } from '../checkpoint/hub/lock-model.ts';
import { modelName } from '../checkpoint/hub/model-name.ts';
import { planRemoval, type Removal, remove } from '../checkpoint/hub/remove-model.ts';
import { OptionError } from '../contracts/errors.ts';
import { byteSize } from './byte-size.ts';

/** `msd rm`: frees a model, or one revision of it, in the Hugging Face cache. Exit code 1 if the answer is no. */
export function rmCommand() {
  return new Command('rm')
    .description('delete a model, or one revision of it, from the cache')
    .argument('<MODEL>', 'owner/name for all of it, or owner/name@revision')
    .option('--yes', 'do not ask')
    .addHelpText('after', HELP)
    .action(async (text, { yes }) => {
      const name = modelName(text);
      const cache = hubCache(process.env);
      await planRemoval(cache, name); // what is not there needs no lock
      const unlock = await lockModel(cache, name.model);
      try {
        const removal = await planRemoval(cache, name);
        if (!yes && !(await agreed(text, removal))) {
          process.stderr.write('nothing was deleted\n');
          process.exitCode = 1;
          return;
        }
        await remove(removal);
        process.stderr.write(`${text}: ${byteSize(removal.freedBytes)} freed\n`);
      } finally {
        await unlock();
      }
    });
}

/** @throws OptionError where nobody can be asked */
async function agreed(text: string, { commits, freedBytes }: Removal): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new OptionError('yes', 'must be given where there is no terminal to ask on.');
  }
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  const none = new AbortController();
  asked.on('close', () => none.abort());
  try {
    const what = `${commits.length} revision(s), ${byteSize(freedBytes)}`;
    const question = `Delete ${text} (${what})? [y/N] `;
    const answer = await asked.question(question, none).catch(() => ''); // Ctrl-C, Ctrl-D
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asked.close();
  }
}

const HELP = `
A revision's files go unless another revision in the cache has them too. Python's huggingface_hub sees the same cache.`;
