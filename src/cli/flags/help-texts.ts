/** What `--help` teaches below the flags. */
import { DRAFTERS } from '../../draft/drafters.ts';
import { textColumns } from '../../evaluate/text-columns.ts';

const HOW = textColumns(
  DRAFTERS.map(({ name, how }) => [name, how]),
  [0, 1],
).map((line) => `            ${line}`);

const WORDS = `
Words:
  target    the model whose words you get; a pass is one run through it
  draft     a small network trained for the target, which guesses ahead
  drafter   how the guesses are made:
${HOW.join('\n')}
  tree      the guesses of one pass: the N likeliest nodes, or T nodes, D levels below the first, K guesses a node;
            auto takes as many as pay by the costs of passes here, or none if none does; with a draft it
            guesses from the text too, and leaves the draft uncalled where a repeat pays as much
The words are the target's own whatever drafts: drafting changes only how many come in a pass.`;

export const PROGRAM_HELP = `
Examples:
  msd run "Count from 3 to 10."
  msd run --image photo.png "Describe the picture."
  msd chat --image photo.png
  msd run --read --image receipt.png "What is the total?"
  msd read scan.png
  msd pull llava-hf/llava-1.5-7b-hf
  msd inspect
  msd doctor
${WORDS}

Settings for all calls, where no flag is given: MSD_MODEL, MSD_DRAFT, MSD_THREADS, MSD_CACHE (folder of timed
costs and converted weights), and the file ~/.config/msd-ts/config.json, or MSD_CONFIG:
  {"model": "owner/name", "draft": "~/drafts/mine", "threads": 4, "cache": "/data/msd"}

msd help VERB explains a verb. Exit codes: 0 done, 1 failed, 2 called wrongly, 130 stopped by Ctrl-C.`;

export const RUN_HELP = `
Examples:
  msd run "Count from 3 to 10."
  msd run --image photo.png "Describe the picture."
  msd run --image a.png --image b.png --tree 59,5,10 "Compare them."
  cat question.txt | msd run -
  cat report.txt | msd run "Sum this up:"
  msd run --read --image receipt.png "What is the total?"
  msd run --messages chat.json --json
  make-messages | msd run --messages - --json-lines
  msd run --prediction draft.txt "Correct the spelling: $(cat draft.txt)"
  msd run --schema person.json "Anna is 30 and plays chess."
  msd run --regex "^(yes|no)$" --image photo.png "Is there a dog?"
  msd run --compare --temperature 0.7 --seed 7 "Tell a short story."

--messages FILE holds a list as OpenAI's API takes it, or an object with one as "messages":
  [{"role": "user", "content": [
    {"type": "image_url", "image_url": {"url": "photo.png"}},
    {"type": "text", "text": "Describe the picture."}]}]
  Pictures are paths, from the current folder if relative, or data: URIs. - reads standard input.

What is piped or redirected to standard input beside a PROMPT goes behind it, after an empty line; in a
loop that reads a file, add </dev/null.

--json prints one object, --json-lines one a line: {"type": "start"}, "prefill" with done and total, "token"
with id, text and drafted, and in the end "done" with all that --json prints. A failure is
{"error": {"code": "context_length_exceeded", "message": "..."}}, beside the line on standard error.

--read finds the lines of text in the pictures and puts them into the prompt as words, a row of the picture a line, in front
of what is asked; it says how many it read. That works with every model, and one that sees no pictures is given the
words alone. msd read shows what would be read.

--prediction FILE holds a text that the answer may come out as, in parts at least: what is to be revised. It changes
no word, and goes with --tree auto, --drafter recycled or suffix.

--schema FILE holds a JSON schema, as {"type": "object", "properties": {"age": {"type": "integer", "minimum": 0}},
"required": ["age"]}. The answer is JSON that keeps it, on one line, its properties in the schema's order; only --max-tokens
and --stop can cut it short. A keyword that can't be kept, as not or uniqueItems, is refused by name before anything runs.
Say in the prompt what is wanted too: the model doesn't see the schema. --regex takes what JavaScript's flag u does; it may
stand anywhere in the answer unless bound by ^ and $. What the form forces comes many tokens a pass.

tokens_per_pass is (ids - 1) / passes, since the first id comes with the prompt's own pass; tokens_per_second
counts the ids after the first by the time after it; times are milliseconds.

The answer goes to standard output, all else to standard error; --quiet leaves that away. On a terminal with colours (and
without NO_COLOR) drafted tokens are green and underlined; a pipe gets exactly the answer.
Ctrl-C stops the answer and keeps its text; a second one leaves at once.
${WORDS}`;

export const READ_HELP = `
Examples:
  msd read receipt.png
  msd read page-1.png page-2.png > book.txt
  msd read --json screen.png
  msd run --read --image receipt.png "What is the total?"

Prints a row of the picture a line, from the top, each from the left; a page that lies askew is set straight, and columns
beside each other are read across. It was made for print, in Latin letters and Chinese; handwriting and single letters
are often missed. Of a chart, names of its axis are read with the numbers above them. At most 200 lines a picture are
read; a picture is looked through at up to 960 pixels a side.

--json prints {"pictures": [{"picture", "text", "lines": [{"text", "confidence", "box"}], "left_out"}]}: confidence from 0
to 1, box as [x, y] of the corners in pixels, from where the line begins, clockwise.`;

export const CHAT_COMMANDS = `  /image FILE   attach a picture to the next message (Tab completes files)
  /retry        answer the last message again
  /system TEXT  another system message from now on; "" for none; alone, show it
  /save FILE    write the conversation as msd run --messages reads it
  /reset        forget the conversation and attached pictures
  /help         show this
  /exit         leave, as Ctrl-D does
  Ctrl-C        stop the answer; without one, leave
  Ctrl-Z        back to the shell; fg goes on`;

export const CHAT_HELP = `
In the chat a line is a message; one that begins with a space is never a command. A pasted block is one message,
Alt-Enter or a backslash at the end goes on in a new line, and """ stands before and behind many lines.
${CHAT_COMMANDS}

Example:
  msd chat --image photo.png --system "Answer in one sentence."
${WORDS}`;
