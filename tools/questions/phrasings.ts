/** How people ask about a picture, by what they want to know. `{name}` is what it may show. */

interface Phrasings {
  /** How many of all questions are of this kind, beside the others' shares. */
  readonly share: number;
  readonly of: 'any' | 'flags';
  readonly texts: readonly string[];
}

export const PHRASINGS: readonly Phrasings[] = [
  {
    share: 5,
    of: 'any',
    texts: [
      'What is in the picture?',
      'What is in this picture?',
      "What's in this image?",
      'What is this?',
      'What is that?',
      'What do you see?',
      'What can you see in the picture?',
      'What does the picture show?',
      'What is shown here?',
      'Can you tell me what this is?',
      'Name the thing in the picture.',
      'Who or what is this?',
    ],
  },
  {
    share: 5,
    of: 'any',
    texts: [
      'Describe this picture.',
      'Describe the picture.',
      'Describe the image in detail.',
      'Describe what you see.',
      'Describe the picture in one sentence.',
      'Please describe the photo for me.',
      'Give a caption for this picture.',
      'What is happening in the picture?',
      'Tell me about it.',
      'Tell me about this picture.',
      'Explain the picture to a child.',
    ],
  },
  {
    share: 2,
    of: 'any',
    texts: [
      'Write a short story about the picture.',
      'Tell me a story about what you see.',
      'Write a poem about this.',
      'Write a short post about this photo.',
    ],
  },
  {
    share: 4,
    of: 'any',
    texts: [
      'What is it used for?',
      'What colour is it?',
      'What color is the thing in the picture?',
      'Where can it be found?',
      'How big is it?',
      'What do people do with it?',
      'Why is it important?',
      'Tell me three facts about it.',
      'List five things that are like it.',
      'What is it called, and what does it mean?',
    ],
  },
  {
    share: 2,
    of: 'any',
    texts: [
      'Is there a {name} in the picture?',
      'Is this a {name}?',
      'Does the picture show a {name}?',
      'Can you see a {name}?',
    ],
  },
  {
    share: 3,
    of: 'flags',
    texts: [
      'Which flag is in the picture?',
      "Which country's flag is this?",
      'What do you know about this country?',
      'Describe this flag.',
      'What is the capital of the country with this flag?',
    ],
  },
];

/** What no table was made of, to be measured with. */
export const HELD_OUT_QUESTION = 'Describe the picture in a few sentences.';
