/** The manifest of a model pack, exactly as docs/packs.md describes it. */
import { z } from 'zod';
import { ownMethodId, plainVariant, variantName } from '../../../common/contract';

/** Plain names only: everything lies in the pack's own folder. */
export const packFileName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'a plain file name without folders');

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 as 64 lower-case hexadecimal digits');
const text = z.string().max(10_000);
const byte = z.number().int().min(0).max(255);
const pixels = z.number().int().min(1).max(4_096);
const three = <Item extends z.ZodType>(item: Item) => z.tuple([item, item, item]);

const tensorRule = z.strictObject({
  type: z.enum(['float32', 'int64']),
  /** −1: any size. */
  shape: z.array(z.number().int().min(-1)).max(8),
});
export type TensorRule = z.output<typeof tensorRule>;

const imageRule = z.strictObject({
  input: z.string().max(200),
  size: z.tuple([pixels, pixels]),
  resize: z.enum(['squash', 'letterbox', 'longest-side', 'centre-crop']),
  filter: z.enum(['bilinear', 'bicubic']),
  pad: three(byte).default([0, 0, 0]),
  channels: z.enum(['rgb', 'bgr']),
  scale: z.number(),
  mean: three(z.number()),
  std: three(z.number().refine((value) => value !== 0, 'must not be 0')),
});
export type RoleImageRule = z.output<typeof imageRule>;

const tokenRule = z.strictObject({
  file: packFileName,
  length: z.number().int().min(2).max(4_096),
  pad: z.number().int().min(0),
  template: z
    .string()
    .max(1_000)
    .refine((value) => value.includes('{}'), 'must hold {} for the expression'),
  clean: z.enum(['clip', 'blip', 'none']),
  firstToken: z.number().int().min(0).optional(),
});
export type TokenRule = z.output<typeof tokenRule>;

const role = z.strictObject({
  file: packFileName,
  parameters: z.number().int().min(0).optional(),
  inputs: z.record(z.string().max(200), tensorRule),
  outputs: z.record(z.string().max(200), tensorRule),
  image: imageRule.optional(),
  tokens: tokenRule.optional(),
});
export type Role = z.output<typeof role>;

export const roleNames = [
  'detector',
  'clip-image',
  'clip-text',
  'blip-image',
  'blip-text',
  'sam-image',
  'sam-decoder',
  'risclip-image',
  'risclip-ground',
] as const;
export type RoleName = (typeof roleNames)[number];

const measuredValue = z.strictObject({
  method: ownMethodId,
  metric: z.string().max(200),
  value: z.number(),
  data: z.string().max(500),
  count: z.number().int().min(0),
});

const variant = z.strictObject({
  description: text.default(''),
  /** Roles that have a file of their own in this variant; all else of the role stays. */
  files: z.partialRecord(z.enum(roleNames), packFileName),
  measured: z.array(measuredValue).default([]),
  speed: z
    .array(z.strictObject({ method: ownMethodId, factor: z.number().positive(), data: z.string().max(500) }))
    .default([]),
});

export const manifestSchema = z.strictObject({
  schema: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,99}$/, 'lower-case letters, digits, - and .'),
  name: z.string().min(1).max(200),
  version: z.string().min(1).max(100),
  description: text,
  licence: z.string().min(1).max(200),
  provenance: text,
  demo: z.boolean(),
  leakage: text.default(''),
  files: z.record(
    packFileName,
    z.strictObject({ sha256, bytes: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
  ),
  roles: z.partialRecord(z.enum(roleNames), role),
  /** Each method checks its own settings. */
  methods: z.partialRecord(ownMethodId, z.record(z.string(), z.unknown())),
  tuning: z
    .record(
      z.string(),
      z.strictObject({ value: z.union([z.number(), z.string()]), split: z.string().max(200) }),
    )
    .default({}),
  measured: z.array(measuredValue),
  variants: z.record(variantName, variant).default({}),
  defaultVariant: variantName.default(plainVariant),
});
export type Manifest = z.output<typeof manifestSchema>;

/**
 * Reads a manifest's text. Throws an Error whose message says what is wrong and where; the caller knows what
 * kind of failure that is.
 */
export function parseManifest(json: string): Manifest {
  const parsed = manifestSchema.safeParse(JSON.parse(json));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`${issue?.path.join('.') || 'manifest.json'}: ${issue?.message ?? 'not valid'}`);
  }
  const manifest = parsed.data;
  for (const [name, entry] of Object.entries(manifest.roles)) {
    for (const file of entry.tokens ? [entry.file, entry.tokens.file] : [entry.file]) {
      if (!Object.hasOwn(manifest.files, file)) throw new Error(`roles.${name}: ${file} is not among files`);
    }
    checkImageRule(name, entry);
  }
  checkVariants(manifest);
  return manifest;
}

function checkVariants({ files, roles, variants, defaultVariant }: Manifest): void {
  for (const [name, { files: own }] of Object.entries(variants)) {
    const where = `variants.${name}`;
    if (name === plainVariant) throw new Error(`${where}: this is the name of the roles as they are listed`);
    for (const [role, file] of Object.entries(own)) {
      if (!Object.hasOwn(roles, role)) throw new Error(`${where}: there is no role ${role}`);
      if (!Object.hasOwn(files, file)) throw new Error(`${where}: ${file} is not among files`);
    }
  }
  if (defaultVariant !== plainVariant && !Object.hasOwn(variants, defaultVariant)) {
    throw new Error(`defaultVariant: there is no variant ${defaultVariant}`);
  }
}

/** The input that takes the picture must have the frame's size. */
function checkImageRule(name: string, { image, inputs }: Role): void {
  if (!image) return;
  const shape = Object.hasOwn(inputs, image.input) ? inputs[image.input]?.shape : undefined;
  const wanted = [3, image.size[1], image.size[0]];
  const fits = shape?.length === 4 && wanted.every((size, axis) => shape[axis + 1] === size);
  if (!fits) throw new Error(`roles.${name}: input ${image.input} is not [*, ${wanted.join(', ')}]`);
}
