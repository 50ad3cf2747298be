/** What a method is made of. A new one is a file that calls `defineMethod`, its roles, and a line in registry.ts. */
import type { z } from 'zod';
import type { OwnMethodId } from '../../../common/contract';
import type { Role, RoleImageRule, RoleName } from '../models/manifest';
import type { Recall } from '../models/recall';
import type { ModelRunner } from '../models/session';
import type { TokenIds } from '../models/tokenizer';
import type { Method } from './method';

/** What a method needs of a role's graph. */
export interface RoleNeed {
  readonly inputs: readonly string[];
  readonly optionalInputs?: readonly string[];
  /** Takes every output of this role too, by the same name. */
  readonly featuresOf?: RoleName;
  /** Further outputs are allowed. */
  readonly outputs: readonly string[];
  /** Resize rules for which the method knows where the picture lies in the frame; absent: sees no picture. */
  readonly resize?: readonly RoleImageRule['resize'][];
  readonly tokens?: true;
}

export interface MethodParts<Settings> {
  readonly settings: Settings;
  readonly runner: ModelRunner;
  role(name: RoleName): Role;
  /** The expression as a text role's token ids. */
  encode(role: RoleName, expression: string): TokenIds;
  /** Encodes a picture, unless the same encoding of it is at hand from before. */
  readonly recall: Recall;
  readonly cacheKey: string;
}

export interface MethodSource<Settings> {
  readonly id: OwnMethodId;
  readonly roles: Partial<Record<RoleName, RoleNeed>>;
  readonly settings: z.ZodType<Settings>;
  create(parts: MethodParts<Settings>): Method;
}

/** A method whose settings' type only it knows. */
export interface MethodDefinition {
  readonly id: OwnMethodId;
  readonly roles: Partial<Record<RoleName, RoleNeed>>;
  readonly roleNames: readonly RoleName[];
  /** Throws an Error that says which setting is wrong. */
  checkSettings(settings: unknown): void;
  create(parts: MethodParts<unknown>): Method;
}

export function defineMethod<Settings>(source: MethodSource<Settings>): MethodDefinition {
  const parse = (settings: unknown): Settings => {
    const parsed = source.settings.safeParse(settings);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw new Error(`methods.${[source.id, ...(issue?.path ?? [])].join('.')}: ${issue?.message}`);
  };
  return {
    id: source.id,
    roles: source.roles,
    roleNames: Object.keys(source.roles) as RoleName[],
    checkSettings: (settings) => void parse(settings),
    create: (parts) => source.create({ ...parts, settings: parse(parts.settings) }),
  };
}

/** Throws an Error where a role's tensors are not what the method needs. */
export function checkRole(
  name: RoleName,
  role: Role,
  need: RoleNeed,
  roleOf: (name: RoleName) => Role | undefined,
): void {
  const features = need.featuresOf ? Object.keys(roleOf(need.featuresOf)?.outputs ?? {}) : [];
  const required = [...need.inputs, ...features];
  const allowed = [...required, ...(need.optionalInputs ?? [])];
  const inputs = Object.keys(role.inputs);
  const problem =
    list('lacks the input', required, (input) => !inputs.includes(input)) ||
    list('has the unknown input', inputs, (input) => !allowed.includes(input)) ||
    list('lacks the output', need.outputs, (output) => !Object.hasOwn(role.outputs, output)) ||
    (need.resize && !role.image ? 'lacks an image rule' : '') ||
    (need.resize && role.image && !need.resize.includes(role.image.resize)
      ? `cannot be resized by ${role.image.resize}; only by ${need.resize.join(' or ')}`
      : '') ||
    (need.tokens && !role.tokens ? 'lacks a tokens rule' : '');
  if (problem) throw new Error(`roles.${name} ${problem}`);
}

function list(what: string, names: readonly string[], isWrong: (name: string) => boolean): string {
  const wrong = names.filter(isWrong);
  return wrong.length > 0 ? `${what} ${wrong.join(', ')}` : '';
}
