/** Expressions as token ids, by the rules of a role's `tokens` entry in the manifest. */
import { Tokenizer } from '@huggingface/tokenizers';
import { WorkbenchError } from '../../../common/errors';
import type { TokenRule } from './manifest';

export interface TokenIds {
  /** `length` of the rule, padded; or without the padding. */
  readonly ids: BigInt64Array;
  /** 1 for tokens, 0 for padding. */
  readonly mask: BigInt64Array;
}

/** What Python's `str.split` takes for white space. */
const whiteSpace = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;
const mostBlipWords = 50;

/** The expression as its model was trained to see it. */
export function cleanExpression(expression: string, rule: TokenRule['clean']): string {
  switch (rule) {
    case 'none':
      return expression;
    case 'clip':
      return words(expression.toLowerCase()).join(' ');
    case 'blip':
      return words(expression.toLowerCase().replace(/[.!"()*#:;~]/g, ' '))
        .slice(0, mostBlipWords)
        .join(' ');
  }
}

function words(text: string): string[] {
  return text.split(whiteSpace).filter((word) => word !== '');
}

/** Token ids cut to the rule's length (the end token stays) and padded to it. */
export function fitTokens(ids: readonly number[], rule: TokenRule): TokenIds {
  const { length, pad, firstToken } = rule;
  const fitted = ids.length > length ? [...ids.slice(0, length - 1), ids.at(-1) ?? pad] : [...ids];
  if (firstToken !== undefined && fitted.length > 0) fitted[0] = firstToken;
  const padded = new BigInt64Array(length).fill(BigInt(pad));
  const mask = new BigInt64Array(length);
  fitted.forEach((id, index) => {
    padded[index] = BigInt(id);
    mask[index] = 1n;
  });
  return { ids: padded, mask };
}

/** The tokens alone, for graphs that take texts of any length: what is not padded need not be computed. */
export function withoutPadding({ ids, mask }: TokenIds): TokenIds {
  const count = Math.max(1, mask.indexOf(0n) < 0 ? mask.length : mask.indexOf(0n));
  return { ids: ids.subarray(0, count), mask: mask.subarray(0, count) };
}

export type Encode = (expression: string, rule: TokenRule) => TokenIds;

/** `json` is a Hugging Face tokenizer.json. */
export function createEncoder(json: string): Encode {
  let tokenizer: Tokenizer;
  try {
    const description = JSON.parse(json) as { model?: { unk_token?: unknown } };
    // For word-level vocabularies the library looks for the unknown word's token beside the file, not in it.
    tokenizer = new Tokenizer(description, { unk_token: description.model?.unk_token });
  } catch (error) {
    throw new WorkbenchError(
      'model-damaged',
      `A tokenizer cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      'Install the model pack again.',
      { cause: error },
    );
  }
  return (expression, rule) => {
    const text = rule.template.replaceAll('{}', () => cleanExpression(expression, rule.clean));
    // A vocabulary without a token for the unknown gives holes; Python's library leaves such words out.
    return fitTokens(
      tokenizer.encode(text).ids.filter((id) => Number.isInteger(id)),
      rule,
    );
  };
}
