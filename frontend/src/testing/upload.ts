import { vi } from "vitest";

/** A request whose answers the test gives. */
export class ScriptedRequest {
  upload: { onprogress?: (event: { loaded: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  responseText = "";
  call = "";
  file: File | null = null;

  open(method: string, address: string): void {
    this.call = `${method} ${address.replace("/api/v1/", "")}`;
  }
  setRequestHeader(): void {
    // No test reads the headers.
  }
  send(form: FormData): void {
    this.file = form.get("file") as File;
  }
  abort(): void {
    this.onabort?.();
  }

  progress(loaded: number): void {
    this.upload.onprogress?.({ loaded });
  }
  answer(status: number, body: unknown): void {
    this.status = status;
    this.responseText = JSON.stringify(body);
    this.onload?.();
  }
}

/** Replaces uploads. Returns the list of requests, which grows. */
export function stubUploads(): ScriptedRequest[] {
  const requests: ScriptedRequest[] = [];
  vi.stubGlobal(
    "XMLHttpRequest",
    class extends ScriptedRequest {
      constructor() {
        super();
        requests.push(this);
      }
    },
  );
  return requests;
}
