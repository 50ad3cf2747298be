/** How a command says which options it takes. */
export interface OptionDeclaration {
  type: 'string' | 'boolean';
  /** What stands for the value in the help, e.g. `<folder>`. */
  value?: string;
  help: string;
}

export type OptionDeclarations = Record<string, OptionDeclaration>;

/** Their values as a command gets them. */
export type ValuesOf<Options extends OptionDeclarations> = {
  [Name in keyof Options]: Options[Name]['type'] extends 'boolean' ? boolean : string | undefined;
};
