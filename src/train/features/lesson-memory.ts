import { type Lesson, lessonBytes } from './lesson.ts';

/** The lessons used last, up to a number of bytes. */
export interface LessonMemory {
  get(key: string): Lesson | undefined;
  put(key: string, lesson: Lesson): void;
}

export function createLessonMemory(limitBytes: number): LessonMemory {
  const lessons = new Map<string, Lesson>(); // the longest unused first
  let bytes = 0;
  const forget = (key: string): Lesson | undefined => {
    const lesson = lessons.get(key);
    if (lesson !== undefined && lessons.delete(key)) bytes -= lessonBytes(lesson);
    return lesson;
  };
  const remember = (key: string, lesson: Lesson): void => {
    lessons.set(key, lesson);
    bytes += lessonBytes(lesson);
  };
  return {
    get(key) {
      const lesson = forget(key);
      if (lesson !== undefined) remember(key, lesson);
      return lesson;
    },
    put(key, lesson) {
      forget(key);
      if (lessonBytes(lesson) > limitBytes) return;
      remember(key, lesson);
      for (const oldest of lessons.keys()) {
        if (bytes <= limitBytes) break;
        forget(oldest);
      }
    },
  };
}
