"""Lets schemathesis reach the model: cases name the one that is there, ask for few tokens, and half of them leave out what
is refused by name anyway, so that answers are judged and not refusals alone."""

import random

import schemathesis

MODEL = "tiny"
REFUSED = {
    "chat": {
        *("audio", "function_call", "functions", "moderation", "modalities", "prompt_cache_options", "prompt_cache_retention"),
        *("reasoning_effort", "service_tier", "store", "stream_options", "tools", "tool_choice", "top_logprobs", "verbosity"),
        *("web_search_options", "prediction", "metadata", "logit_bias", "response_format"),
    },
    "text": {"best_of", "echo", "suffix", "stream_options", "logit_bias"},
    "response": {
        *("background", "context_management", "conversation", "include", "max_tool_calls", "moderation", "previous_response_id"),
        *("prompt", "prompt_cache_options", "prompt_cache_retention", "reasoning", "service_tier", "store", "stream_options"),
        *("text", "tool_choice", "tools", "top_logprobs", "truncation", "metadata"),
    },
}
SAID = [{"role": "user", "content": "Count from 3 to 10."}]
KINDS = {
    "/chat/completions": ("chat", "max_tokens", {"messages": SAID}),
    "/completions": ("text", "max_tokens", {"prompt": "Count."}),
    "/responses": ("response", "max_output_tokens", {"input": SAID}),
}


@schemathesis.hook
def map_body(context, body):
    if not isinstance(body, dict):
        return body
    body = {**body, "model": MODEL}
    kind, limit, said = KINDS[context.operation.path]
    if random.Random(repr(body)).random() < 0.5:
        body = {name: value for name, value in body.items() if name not in REFUSED[kind] and value is not None}
        body.pop("max_completion_tokens", None)
        body.pop("stream", None)
        body.update(said)
        body[limit] = 8
    return body


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    return {**path_parameters, "model": MODEL} if path_parameters and "model" in path_parameters else path_parameters
