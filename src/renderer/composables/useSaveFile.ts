/** Writes what the window has made to a file that the person names, and says where it is. */
import type { SavedFileKind } from '../../common/contract';
import { csvLine, type CsvCell } from '../../common/csv';
import { api } from '../api/client';
import { useNotices } from '../stores/notices';

/** Numbers with their headings, unrounded. */
export interface NumberTable {
  columns: readonly string[];
  rows: readonly (readonly CsvCell[])[];
}

export function csvOf({ columns, rows }: NumberTable): string {
  return [columns, ...rows].map((row) => csvLine(row)).join('');
}

export function useSaveFile() {
  const notices = useNotices();

  /** `make`: the content; base64 of a PNG, else text. Whatever goes wrong becomes a notice. */
  async function saveFile(name: string, kind: SavedFileKind, make: () => string | Promise<string>) {
    await notices.attempt(async () => {
      const { path } = await api.app.saveFile({ name, kind, content: await make() });
      if (path === null) return;
      notices.push({
        tone: 'success',
        message: `Saved ${path}`,
        action: { label: 'Show it', run: () => void api.app.showItem({ path }) },
      });
    });
  }

  return { saveFile };
}
