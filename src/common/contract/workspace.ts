import { z } from 'zod';
import { call, nothing, shortText } from './define';
import { variantName } from './models';
import { executionProvider } from './providers';

export interface WorkspaceInfo {
  path: string;
  schemaVersion: number;
  /** Counts up with every human change of ground truth. */
  revision: number;
  bytes: number;
  readOnly: boolean;
  newestBackup: string | null;
}

export const settingsSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Written beside every correction. */
  author: shortText.default(''),
  /** Threads that onnxruntime may use inside one operator; 0: as many as there are cores. */
  threads: z.number().int().min(0).max(128).default(0),
  /** Where models run. Nothing runs elsewhere instead: what cannot be used is refused with the reason. */
  executionProvider: executionProvider.default('cpu'),
  /** Megabytes of encoded images kept in memory. */
  imageCacheMegabytes: z.number().int().min(16).max(65_536).default(512),
  /** Megabytes of encoded images kept on the disk, so that a later run need not encode them again; 0: none. */
  embeddingCacheMegabytes: z.number().int().min(0).max(1_048_576).default(2_048),
  /** Megabytes of small pictures kept on the disk, so that a list shows them at once; 0: none. */
  thumbnailCacheMegabytes: z.number().int().min(0).max(1_048_576).default(1_024),
  /** Keys that a person chose, by the id of the action; where an action is not named, its own keys count. */
  keys: z.record(z.string().max(100), z.array(z.string().max(60)).max(4)).default({}),
  /** How many backups are kept: the newest. */
  backupCount: z.number().int().min(1).max(100).default(10),
  /** Variant chosen for a pack, by the pack's id; the others use the one that their manifest names. */
  packVariants: z.record(z.string().max(200), variantName).default({}),
});
export type Settings = z.output<typeof settingsSchema>;

/** Some of the settings. Without their defaults: what is not named must stay as it is. */
export const settingsChange = z.strictObject(
  Object.fromEntries(
    Object.entries(settingsSchema.shape).map(([name, field]) => [name, field.unwrap().optional()]),
  ),
) as unknown as z.ZodType<Partial<Settings>, Partial<Settings>>;

export const workspace = {
  info: call<WorkspaceInfo>()(nothing),
  checkIntegrity: call<{ ok: boolean; problems: string[] }>()(nothing, { work: 'integrity' }),
  backup: call<{ path: string }>()(nothing, { work: 'backup' }),
  settings: call<Settings>()(nothing),
  changeSettings: call<Settings>()(settingsChange),
};
