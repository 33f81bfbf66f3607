/** The words that the code of LLaVA 1.5 opens every conversation with (`vicuna_v1`); the model was taught with them. */
const SYSTEM =
  "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the user's questions.";

const TEXTS = "message['content'] | selectattr('type', 'equalto', 'text')";

/**
 * Chat template of LLaVA's own code, which is published without one: pictures stand first in their turn, a line each. Its
 * `<image>` is no token of the vocabulary; `<unk>`, which no text becomes, stands for it. A system message goes in place
 * of the usual one.
 */
export const ORIGINAL_LLAVA_TEMPLATE = [
  `{% if messages[0]['role'] != 'system' %}{{ "${SYSTEM} " }}{% endif %}`,
  "{% for message in messages %}{% if message['role'] != 'system' %}{{ message['role'].upper() + ': ' }}{% endif %}",
  "{% for part in message['content'] %}{% if part['type'] == 'image' %}{{ '<unk>\\n' }}{% endif %}{% endfor %}",
  `{% for part in ${TEXTS} %}{{ part['text'] }}{% if not loop.last %}{{ ' ' }}{% endif %}{% endfor %}`,
  "{{ '</s>' if message['role'] == 'assistant' else ' ' }}{% endfor %}",
  "{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}",
].join('');
