export const IMPORT_HELP = `
Examples:
  msd import SmolLM2-135M-Instruct.Q4_1.gguf
  msd import model.Q4_K_M.gguf --out models/llama --dtype bf16

Reads tensors stored as F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q4_K, Q5_K or Q6_K; others are refused by name before
anything is written. Tokenizer, chat template and end tokens come from the file. A value of a quantised file is a sum
or product of halves and small integers: float32 holds it exactly, f16 and bf16 round it.

The folder is there as a whole or not at all. One that is already there is left as it is: if it is a finished import
of the same file, that is said, else the command fails.
Exit codes: 0 done, 1 failed, 2 called wrongly, 130 stopped by Ctrl-C, which leaves nothing.`;
