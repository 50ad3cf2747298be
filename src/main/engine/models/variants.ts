/** Variants of a pack: the same roles with other files, smaller or faster ones, at a measured price in accuracy. */
import { plainVariant } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Manifest, RoleName } from './manifest';

/** All variants by name, the one of the roles as they are listed first. */
export function variantNames(manifest: Manifest): string[] {
  return [plainVariant, ...Object.keys(manifest.variants)];
}

/** Whether a variant has a file of its own for one of the roles. */
export function changesRoles(manifest: Manifest, variant: string, roles: readonly RoleName[]): boolean {
  const files = ownVariant(manifest, variant)?.files ?? {};
  return roles.some((role) => files[role] !== undefined);
}

/** The manifest with a variant's files in their roles. */
export function manifestOfVariant(manifest: Manifest, variant: string): Manifest {
  const roles = { ...manifest.roles };
  for (const [name, file] of Object.entries(ownVariant(manifest, variant)?.files ?? {})) {
    const role = roles[name as RoleName];
    if (role && file) roles[name as RoleName] = { ...role, file };
  }
  return { ...manifest, roles };
}

/** The pack's name, and the variant's where it is another than the plain one. */
export function nameWithVariant({ name }: Manifest, variant: string): string {
  return variant === plainVariant ? name : `${name}, ${variant}`;
}

/** The variant asked for; else the one that a person chose for the pack, where it still has it; else the pack's own. */
export function chooseVariant(manifest: Manifest, asked: string | null, chosen: string | undefined): string {
  const names = variantNames(manifest);
  if (asked !== null && !names.includes(asked)) {
    throw new WorkbenchError(
      'model-missing',
      `The pack ${manifest.name} has no variant ${asked}.`,
      `It has ${names.join(' and ')}.`,
    );
  }
  return asked ?? (chosen !== undefined && names.includes(chosen) ? chosen : manifest.defaultVariant);
}

function ownVariant(manifest: Manifest, variant: string): Manifest['variants'][string] | undefined {
  return Object.hasOwn(manifest.variants, variant) ? manifest.variants[variant] : undefined;
}
