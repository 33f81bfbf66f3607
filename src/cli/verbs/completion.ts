import { Argument, Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { bashCompletion } from '../completion/bash-completion.ts';
import { fishCompletion } from '../completion/fish-completion.ts';
import { verbWords } from '../completion/verb-words.ts';
import { zshCompletion } from '../completion/zsh-completion.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** `msd completion`: a script for a shell, which completes without starting the program. */
export function completionCommand(program: CommandUnknownOpts) {
  return new Command('completion')
    .description('print what makes a shell complete verbs and flags with Tab')
    .addArgument(new Argument('<SHELL>').choices(['bash', 'zsh', 'fish'] as const))
    .addHelpText('after', HELP)
    .action((shell) => {
      process.stdout.write(SHELLS[shell](verbWords(program)));
    });
}

const HELP = `
In ~/.bashrc:                 source <(msd completion bash)
In ~/.zshrc, after compinit:  source <(msd completion zsh)
For fish:                     msd completion fish > ~/.config/fish/completions/msd.fish`;
