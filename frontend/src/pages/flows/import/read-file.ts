/** What the server takes; a larger file is not even read. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** A file that was chosen: its text, or why there is none. */
export interface ChosenFile {
  /** Its number among those that were chosen on this page. */
  id: number;
  name: string;
  content: string | null;
  /** Why the file cannot be imported, in a sentence that says what to do. */
  obstacle: string | null;
}

let lastId = 0;

/** Reads the first of the files. */
export async function readChosenFile([file, ...more]: File[]): Promise<ChosenFile | null> {
  if (!file) return null;
  const id = (lastId += 1);
  const refuse = (obstacle: string) => ({ id, name: file.name, content: null, obstacle });
  if (more.length) return refuse("Import one file at a time.");
  if (file.size > MAX_FILE_BYTES) return refuse("The file is larger than 4 MB. Export fewer flows at once.");
  if (file.size === 0) return refuse("The file is empty. Export it again.");
  try {
    return { id, name: file.name, content: await file.text(), obstacle: null };
  } catch {
    return refuse("The file cannot be read. It may have been moved or deleted: choose it again.");
  }
}
