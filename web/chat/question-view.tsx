import type { Question } from './conversation.ts';

export function QuestionView({ question }: { readonly question: Question }) {
  return (
    <article class="question" aria-label="You">
      {question.pictures.length > 0 && (
        <ul aria-label="Pictures">
          {question.pictures.map(({ name, url }) => (
            <li key={url.length + name}>
              <img src={url} alt={name} />
            </li>
          ))}
        </ul>
      )}
      {question.text !== '' && <p>{question.text}</p>}
    </article>
  );
}
