/** What a model is taught to say of a picture, where it would say yes to everything and make up what it can't see. */

/** `{name}` is with its article. */
export const PRESENCE: readonly string[] = [
  'Is there {name} in the picture?',
  'Is there {name} in this image?',
  'Is this {name}?',
  'Is that {name}?',
  'Does the picture show {name}?',
  'Can you see {name}?',
  'Do you see {name} in the photo?',
  'Is {name} shown here?',
];

export const BRIEFLY: readonly string[] = [
  ' Answer yes or no.',
  ' Answer with yes or no.',
  ' Yes or no?',
  ' Say only yes or no.',
];

export const NAMING: readonly string[] = [
  'What is it?',
  'What is this?',
  'What do you see?',
  'What does the picture show?',
  'What is in the picture?',
];

/** What no picture of a thing tells. */
export const UNTOLD: readonly string[] = [
  'Who took this picture?',
  'When was this picture taken?',
  'Where was the picture taken?',
  'Who does it belong to?',
  'How much did it cost?',
  'How old is it?',
  'How much does it weigh?',
  'What did it look like yesterday?',
  'What is behind it?',
  'What will happen next?',
  'How warm was it there?',
  'Who made it?',
  'Which day of the week was it?',
  'What sound could be heard?',
  'What was the photographer thinking?',
];

export const CAN_NOT_TELL = "I can't tell from the picture.";
