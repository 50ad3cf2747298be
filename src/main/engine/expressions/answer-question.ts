/** Any text asked of any picture: each method answers for itself, and nothing is stored. */
import type { Answer, OwnMethodId } from '../../../common/contract';
import { toErrorValue } from '../../../common/errors';
import type { Logger } from '../context';
import type { DecodedImage } from '../imaging/image';
import type { Method } from '../methods/method';

export interface QuestionParts {
  method(packId: string, methodId: OwnMethodId): Promise<Method>;
  defaultPackId(): string;
  log: Logger;
}

export type AnswerQuestion = (
  image: DecodedImage,
  text: string,
  methods: readonly OwnMethodId[],
  packId: string | null,
) => Promise<Answer[]>;

export function createAnswerQuestion(parts: QuestionParts): AnswerQuestion {
  async function answer(
    image: DecodedImage,
    text: string,
    methodId: OwnMethodId,
    packId: string,
  ): Promise<Answer> {
    try {
      const method = await parts.method(packId, methodId);
      const startedAt = performance.now();
      const state = await method.prepare(image);
      const prediction = await method.ground(state, text);
      return { method: methodId, ok: true, prediction, milliseconds: performance.now() - startedAt };
    } catch (error) {
      // One method that fails does not keep the others from answering.
      const { message, hint } = toErrorValue(error, parts.log.error(`${methodId} could not answer`, error));
      return { method: methodId, ok: false, message, hint };
    }
  }

  return async (image, text, methods, packId) => {
    const pack = packId ?? parts.defaultPackId();
    const answers: Answer[] = [];
    // One after the other: each wants all cores.
    for (const methodId of new Set(methods)) answers.push(await answer(image, text, methodId, pack));
    return answers;
  };
}
