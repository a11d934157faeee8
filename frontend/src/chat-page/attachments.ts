/** The files that the next question will have: each is uploaded as soon as it is added. Made without React. */
import { createStore } from "zustand/vanilla";
import { addFile, removeFile } from "../api/chat-page";
import { ApiError } from "../api/client";
import type { ConversationFile, FileRules } from "../api/types";
import { type FileRefusal, isImage, judgeFile } from "./file-rules";
import { keepPicture, readAsAddress } from "./file-pictures";
import { createId } from "./ids";
import { shrinkImage } from "./shrink-image";

export interface Attachment {
  key: string;
  name: string;
  bytes: number;
  /** How many of them were sent. */
  sent: number;
  /** The image as a `data:` address; null of any other file, and until it is read. */
  picture: string | null;
  /** As the server has it; null until then. */
  file: ConversationFile | null;
  /** Why the question will not have it. */
  refusal: FileRefusal | null;
}

interface Attachments {
  items: readonly Attachment[];
  /** What a screen reader says of the last change. */
  news: string;
}

export const attachmentStore = createStore<Attachments>()(() => ({ items: [], news: "" }));

const uploads = new Map<string, () => void>();

/** Adds files to the next question, and uploads them. One that cannot be added is shown with the reason. */
export async function attachFiles(address: string, files: readonly File[], rules: FileRules): Promise<void> {
  for (const given of files) {
    const file = await shrinkImage(given, rules.max_image_bytes);
    const refusal = judgeFile(file, list().filter(isWanted), rules);
    const item: Attachment = { ...createItem(file), refusal };
    setItems([...list(), item], refusal ? describeRefusal(item) : `${file.name} is added.`);
    if (refusal === null) void upload(address, item.key, file);
  }
}

/** Takes a file away, also while it is uploaded. */
export function detachFile(address: string, { key, name, file }: Attachment): void {
  uploads.get(key)?.();
  setItems(
    list().filter((item) => item.key !== key),
    `${name} is removed.`,
  );
  if (file) void removeFile(address, file.id).catch(() => undefined); // unsent, it is deleted after a day
}

/** The files for a question that is sent now. The list is empty from then on. */
export function takeFiles(): ConversationFile[] {
  const files = list().flatMap(({ file }) => file ?? []);
  setItems([], "");
  return files;
}

/** Whether some file of the question has not arrived yet. */
export function isUploading({ items }: Attachments): boolean {
  return items.some((item) => isWanted(item) && item.file === null);
}

function isWanted({ refusal }: Attachment): boolean {
  return refusal === null;
}

function createItem({ name, size }: File): Attachment {
  return { key: createId(), name, bytes: size, sent: 0, picture: null, file: null, refusal: null };
}

async function upload(address: string, key: string, file: File): Promise<void> {
  const picture = isImage(file.type) ? readAsAddress(file) : null;
  void picture?.then((shown) => change(key, { picture: shown })).catch(() => undefined);
  const { done, cancel } = addFile(address, file, (sent) => change(key, { sent }));
  uploads.set(key, cancel);
  try {
    const stored = await done;
    if (picture) keepPicture(stored.id, picture);
    change(key, { file: stored });
  } catch (error) {
    if (!(error instanceof ApiError)) return; // it was removed meanwhile
    change(key, { refusal: { message: error.message, hint: error.hint } });
    const item = list().find((each) => each.key === key);
    if (item) setItems(list(), describeRefusal(item));
  } finally {
    uploads.delete(key);
  }
}

function describeRefusal({ name, refusal }: Attachment): string {
  return `${name} is not added. ${refusal?.message ?? ""} ${refusal?.hint ?? ""}`;
}

function list(): readonly Attachment[] {
  return attachmentStore.getState().items;
}

function setItems(items: readonly Attachment[], news: string): void {
  attachmentStore.setState({ items, news });
}

function change(key: string, changed: Partial<Attachment>): void {
  attachmentStore.setState(({ items }) => ({
    items: items.map((item) => (item.key === key ? { ...item, ...changed } : item)),
  }));
}
