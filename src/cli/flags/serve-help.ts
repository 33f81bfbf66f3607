/** What `msd serve --help` teaches below the flags. */
export const SERVE_HELP = `
Examples:
  msd serve
  msd serve --model llava-hf/llava-1.5-7b-hf --draft lucylyn/MSD-LLaVA1.5-7B --precision w8a8
  MSD_API_KEY=secret msd serve --host 0.0.0.0 --port 80
  curl http://127.0.0.1:8080/v1/chat/completions -H 'content-type: application/json' \\
    -d '{"messages": [{"role": "user", "content": "Count from 3 to 10."}], "stream": true}'

What it answers: /v1/chat/completions, /v1/completions and /v1/responses as OpenAI does, pictures as data: URIs in
image_url; /v1/models, /tokenize, /detokenize, /health, /ready, /metrics (Prometheus), /v1/msd/status, and at / a
page to chat with pictures, which shows who guessed each word and races plain against speculative. Clients: the openai
packages, the AI SDK, LangChain and others, with base URL http://127.0.0.1:8080/v1 and any key if you set none.

Each text is the one that the model would write alone: with a seed, msd run writes it too. Requests share passes of the
model and its caches; what a request does not say is as OpenAI has it (temperature 1).

Keys: a file, or MSD_API_KEY (several by commas); never a flag, which others on the machine could read. Without keys,
whoever reaches the address may ask, so it is this machine alone until --host says otherwise.
Flags may stand in variables, as --port in MSD_PORT, or in the settings file as {"serve": {"port": 80}}; a flag goes
before a variable, a variable before the file.

The engine is a process of its own: if it dies, answers that ran get an error and another one is loaded.
Ctrl-C or a termination signal lets answers end; a second one leaves at once.`;
