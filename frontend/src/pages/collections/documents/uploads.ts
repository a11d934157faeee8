/** The uploads to collections. They continue while another page is shown. */
import { create } from "zustand";
import { ApiError } from "../../../api/client";
import { type DocumentUpload, sendDocument } from "../../../api/upload";
import type { CollectionDocument } from "../../../api/types";

export interface Upload {
  id: number;
  collection: string;
  file: File;
  state: "waiting" | "sending" | "failed";
  /** The bytes that have been sent. */
  sent: number;
  error: { message: string; hint: string | null } | null;
  /** Stops the upload. */
  cancel: DocumentUpload["cancel"] | null;
}

export const ACCEPTED_ENDINGS = [".txt", ".md", ".html", ".htm", ".pdf"];

type DocumentHandler = (collection: string, document: CollectionDocument) => void;

let lastId = 0;

export const useUploads = create<{ uploads: readonly Upload[] }>()(() => ({ uploads: [] }));

export function addUploads(collection: string, files: readonly File[], onSent: DocumentHandler): void {
  const added = files.map((file) => createUpload(collection, file));
  useUploads.setState(({ uploads }) => ({ uploads: [...uploads, ...added] }));
  sendNext(onSent);
}

/** Removes an upload from the list, and stops it when it is being sent. */
export function removeUpload(id: number): void {
  const upload = useUploads.getState().uploads.find((each) => each.id === id);
  useUploads.setState(({ uploads }) => ({ uploads: uploads.filter((each) => each.id !== id) }));
  upload?.cancel?.();
}

function createUpload(collection: string, file: File): Upload {
  lastId += 1;
  const refused = checkFile(file);
  const state = refused ? "failed" : "waiting";
  return { id: lastId, collection, file, state, sent: 0, error: refused, cancel: null };
}

/** Checks a file before it is sent. The server checks everything else. */
function checkFile({ name, size }: File): Upload["error"] {
  const known = ACCEPTED_ENDINGS.some((ending) => name.toLowerCase().endsWith(ending));
  if (!known)
    return { message: "This kind of file is not read.", hint: "Upload a .txt, .md, .html or .pdf file." };
  return size === 0 ? { message: "The file is empty.", hint: "Upload a file with text in it." } : null;
}

/** Sends one file at a time, so that each one uses the whole connection. */
function sendNext(onSent: DocumentHandler): void {
  const { uploads } = useUploads.getState();
  const next = uploads.find(({ state }) => state === "waiting");
  if (!next || uploads.some(({ state }) => state === "sending")) return;
  const { id, collection, file } = next;
  const { done, cancel } = sendDocument(collection, file, (sent) => changeUpload(id, { sent }));
  changeUpload(id, { state: "sending", cancel });
  void done
    .then((document) => {
      changeUpload(id, { cancel: null });
      removeUpload(id);
      onSent(collection, document);
    })
    .catch((error: unknown) => failUpload(id, error))
    .finally(() => sendNext(onSent));
}

function failUpload(id: number, error: unknown): void {
  const told = error instanceof Error ? error.message : "The file could not be sent.";
  const hint = error instanceof ApiError ? error.hint : null;
  changeUpload(id, { state: "failed", cancel: null, error: { message: told, hint } });
}

function changeUpload(id: number, change: Partial<Upload>): void {
  useUploads.setState(({ uploads }) => ({
    uploads: uploads.map((upload) => (upload.id === id ? { ...upload, ...change } : upload)),
  }));
}
