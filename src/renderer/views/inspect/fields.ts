/** Ids of fields that actions put the cursor into. */
export const askFieldId = 'inspect-ask';
export const expressionFieldId = 'inspect-expression';
export const noteFieldId = 'inspect-note';
