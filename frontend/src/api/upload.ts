/** Uploads a file with XMLHttpRequest, because `fetch` does not report how much of a body has been sent. */
import { ApiError, API_BASE_PATH, readCsrfToken, createUnreachableError } from "./client";
import type { CollectionDocument, RefusalBody } from "./types";

export interface Upload<Answer> {
  /** @throws ApiError when the server refuses or cannot be reached. */
  done: Promise<Answer>;
  cancel: () => void;
}

export type DocumentUpload = Upload<CollectionDocument>;

/** Uploads a document to a collection. Calls `onSent` with the number of bytes that have been sent. */
export function sendDocument(
  collection: string,
  file: File,
  onSent: (bytes: number) => void,
): DocumentUpload {
  return sendFile(`collections/${collection}/documents`, file, onSent);
}

/** Uploads a file to an address of the API. */
export function sendFile<Answer>(
  path: string,
  file: File,
  onSent: (bytes: number) => void,
  headers: Record<string, string> = {},
): Upload<Answer> {
  const request = new XMLHttpRequest();
  const done = new Promise<Answer>((resolve, reject) => {
    request.upload.onprogress = ({ loaded }) => onSent(Math.min(loaded, file.size));
    request.onload = () => {
      const body = parseJson(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(body as Answer);
      else reject(createUploadError(request.status, body));
    };
    request.onerror = () => reject(createUnreachableError());
    request.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
  });
  request.open("POST", API_BASE_PATH + path);
  const all = { Accept: "application/json", "X-CSRFToken": readCsrfToken(), ...headers };
  for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
  const form = new FormData();
  form.append("file", file);
  request.send(form);
  return { done, cancel: () => request.abort() };
}

const SMALLER_FILES_HINT = "Split it into smaller files.";

/**
 * Creates the error of a failed upload. A proxy may answer without the server's JSON, for example because the file is
 * too large for it.
 */
function createUploadError(status: number, body: unknown): ApiError {
  const error = (body as Partial<RefusalBody> | null)?.error;
  const large = status === 413;
  if (error?.message) return new ApiError(status, large ? { hint: SMALLER_FILES_HINT, ...error } : error);
  return new ApiError(status, {
    code: large ? "too_large" : "no_reason",
    message: large
      ? "The file is larger than the server takes."
      : `The server answered ${status} and gave no reason.`,
    hint: large ? SMALLER_FILES_HINT : "Try again in a moment.",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
