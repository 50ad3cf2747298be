/** Names for the folders that the dialogs of this screen propose. */

/** Below a folder, with the folder's own separator. */
export function pathBelow(folder: string, name: string): string {
  const separator = folder.includes('\\') ? '\\' : '/';
  return `${folder.replace(/[\\/]+$/, '')}${separator}${name}`;
}

/** A dataset's name as the name of a folder: nothing but letters, digits, dots and dashes. */
export function folderName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return plain || 'dataset';
}
