"""Asks a server of msd as openai-python and LangChain do: chats, streams, pictures, tools, schemas, aborts, errors.

Says a line of JSON for each check, with what went wrong where something did.
"""

import base64
import json
import sys
import time
import urllib.request

import openai
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, ConfigDict, Field

URL, PICTURE = sys.argv[1:]
MODEL = "tools"
client = openai.OpenAI(base_url=f"{URL}/v1", api_key="any", max_retries=0)
with open(PICTURE, "rb") as file:
    SQUARE = "data:image/png;base64," + base64.b64encode(file.read()).decode()


class Shape(BaseModel):
    """A shape."""

    model_config = ConfigDict(extra="forbid")
    colour: str = Field(max_length=12)
    sides: int = Field(ge=3, le=9)


DRAW = {
    "name": "draw",
    "description": "Draws a shape.",
    "parameters": {
        "type": "object",
        "properties": {"colour": {"type": "string", "maxLength": 12}},
        "required": ["colour"],
        "additionalProperties": False,
    },
}
TOOLS = [{"type": "function", "function": DRAW}]
SAID = [{"role": "user", "content": "Draw a circle."}]
LOOK = [
    {
        "role": "user",
        "content": [
            {"type": "image_url", "image_url": {"url": SQUARE, "detail": "low"}},
            {"type": "text", "text": "Describe the picture."},
        ],
    }
]
ONCE = {"tools": TOOLS, "tool_choice": "required", "parallel_tool_calls": False}
GREEDY = {"model": MODEL, "temperature": 0, "max_tokens": 200}


def running():
    with urllib.request.urlopen(f"{URL}/v1/msd/status") as answer:
        return json.load(answer)["running"]


def nothing_runs():
    end = time.monotonic() + 5
    while running() > 0:
        assert time.monotonic() < end, "what was left still runs"
        time.sleep(0.05)


def chat():
    answer = client.chat.completions.create(messages=SAID, **GREEDY)
    assert answer.choices[0].message.content, answer
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def stream():
    whole = client.chat.completions.create(messages=SAID, **GREEDY)
    text = ""
    for chunk in client.chat.completions.create(
        messages=SAID, stream=True, stream_options={"include_usage": True}, **GREEDY
    ):
        text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
    assert text == whole.choices[0].message.content
    assert chunk.usage.completion_tokens == whole.usage.completion_tokens


def picture():
    seen = client.chat.completions.create(messages=LOOK, **GREEDY)
    words = client.chat.completions.create(messages=[{"role": "user", "content": "Describe the picture."}], **GREEDY)
    assert seen.usage.prompt_tokens > words.usage.prompt_tokens


def tools():
    first = client.chat.completions.create(messages=SAID, **ONCE, **GREEDY)
    message = first.choices[0].message
    assert first.choices[0].finish_reason == "tool_calls" and message.content is None
    [call] = message.tool_calls
    assert set(json.loads(call.function.arguments)) == {"colour"}
    told = {"role": "tool", "tool_call_id": call.id, "content": "It is drawn."}
    second = client.chat.completions.create(messages=[*SAID, message, told], tools=TOOLS, **GREEDY)
    assert second.usage.prompt_tokens > first.usage.prompt_tokens


def streamed_tools():
    with client.chat.completions.stream(messages=SAID, **ONCE, **GREEDY) as events:
        deltas = [event for event in events if event.type == "tool_calls.function.arguments.delta"]
        final = events.get_final_completion()
    whole = client.chat.completions.create(messages=SAID, **ONCE, **GREEDY)
    assert len(deltas) > 1
    assert final.choices[0].message.tool_calls[0].function.arguments == (
        whole.choices[0].message.tool_calls[0].function.arguments
    )


def schema():
    answer = client.chat.completions.parse(messages=SAID, response_format=Shape, **GREEDY)
    assert isinstance(answer.choices[0].message.parsed, Shape)


def responses():
    body = {"model": MODEL, "input": "Draw a circle.", "temperature": 0}
    assert isinstance(client.responses.parse(text_format=Shape, **body).output_parsed, Shape)
    calls = {"tools": [{"type": "function", "strict": True, **DRAW}], "tool_choice": "required"}
    whole = client.responses.create(parallel_tool_calls=False, **calls, **body)
    [call] = whole.output
    with client.responses.stream(parallel_tool_calls=False, **calls, **body) as events:
        kinds = {event.type for event in events}
        [streamed] = events.get_final_response().output
    assert "response.function_call_arguments.delta" in kinds
    assert streamed.arguments == call.arguments
    told = {"type": "function_call_output", "call_id": call.call_id, "output": "It is drawn."}
    said = {"role": "user", "content": body["input"]}
    following = client.responses.create(**{**body, "input": [said, call, told]}, tools=calls["tools"])
    assert following.usage.input_tokens > whole.usage.input_tokens


def abort():
    events = client.chat.completions.create(
        messages=SAID, model=MODEL, stream=True, extra_body={"ignore_eos": True}
    )
    for chunk in events:
        if chunk.choices[0].delta.content:
            break
    events.close()
    nothing_runs()


def errors():
    for error, field, body in [
        (openai.NotFoundError, "model", {"model": "gpt"}),
        (openai.BadRequestError, "top_p", {"top_p": 7}),
        (openai.BadRequestError, "messages", {"messages": [{"role": "user", "content": "a " * 2000}]}),
        (
            openai.BadRequestError,
            "response_format.json_schema.schema",
            {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"not": {}}}}},
        ),
    ]:
        try:
            client.chat.completions.create(**{**GREEDY, "messages": SAID, **body})
        except error as thrown:
            assert thrown.param == field, thrown.body
        else:
            raise AssertionError(f"{field} was not refused")


def langchain(**more):
    return ChatOpenAI(model=MODEL, api_key="any", base_url=f"{URL}/v1", temperature=0, max_tokens=200, max_retries=0, **more)


def langchain_chat():
    whole = langchain().invoke("Draw a circle.")
    pieces = "".join(piece.content for piece in langchain().stream("Draw a circle."))
    assert whole.content and pieces == whole.content
    assert whole.usage_metadata["total_tokens"] > 0


def langchain_picture():
    seen = langchain().invoke([HumanMessage(LOOK[0]["content"])])
    assert seen.usage_metadata["input_tokens"] > 10


def langchain_schema():
    for method in ["json_schema", "function_calling"]:
        shaped = langchain().with_structured_output(Shape, method=method)
        assert isinstance(shaped.invoke("Draw a circle."), Shape), method


def langchain_tools():
    bound = langchain().bind_tools([Shape], tool_choice="any", parallel_tool_calls=False)
    first = bound.invoke("Draw a circle.")
    [call] = first.tool_calls
    assert set(call["args"]) == {"colour", "sides"}
    asked = [HumanMessage("Draw a circle."), first, ToolMessage("It is drawn.", tool_call_id=call["id"])]
    second = bound.invoke(asked)
    assert second.usage_metadata["input_tokens"] > first.usage_metadata["input_tokens"]
    joined = None
    for piece in bound.stream("Draw a circle."):
        joined = piece if joined is None else joined + piece
    assert joined.tool_calls[0]["args"] == call["args"]


def langchain_errors():
    try:
        langchain(top_p=7).invoke("Draw.")
    except openai.BadRequestError as thrown:
        assert thrown.param == "top_p"
    else:
        raise AssertionError("top_p was not refused")


CHECKS = [
    *(chat, stream, picture, tools, streamed_tools, schema, responses, abort, errors),
    *(langchain_chat, langchain_picture, langchain_schema, langchain_tools, langchain_errors),
]
for check in CHECKS:
    problem = None
    try:
        check()
    except Exception as thrown:
        problem = f"{type(thrown).__name__}: {thrown}"
    print(json.dumps({"check": check.__name__, "problem": problem}), flush=True)
