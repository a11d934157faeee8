/** The chat page within a frame of another site's page, which the widget's script has opened. */

import { BASE_PATH } from "../api/server-address";

const PARTS = location.pathname.slice(BASE_PATH.length).split("/");

/** The part of the address that names the page: `/chat/<address>`, or `/chat/<address>/widget`. */
export const pageAddress = decodeURIComponent(PARTS[2] ?? "");

/** The origin of the page around the frame; null on a page of its own. The browser shows the frame in no other page. */
export const framingOrigin =
  PARTS[3] === "widget" ? new URLSearchParams(location.search).get("origin") : null;

/** Tells the page around the frame that the chat is there, or that the visitor closes it. */
export function tellPage(word: "ready" | "close"): void {
  if (framingOrigin !== null) parent.postMessage({ millrace: word }, framingOrigin);
}

/** Calls `listener` when the visitor opens the chat again; returns what ends that. */
export function onOpened(listener: () => void): () => void {
  const hear = ({ origin, source, data }: MessageEvent<{ millrace?: string } | null>) => {
    if (origin === framingOrigin && source === parent && data?.millrace === "opened") listener();
  };
  addEventListener("message", hear);
  return () => removeEventListener("message", hear);
}

/** Closes the widget with Escape, unless something in it has taken the key. Returns what ends that. */
export function closeOnEscape(): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) tellPage("close");
  };
  addEventListener("keydown", press);
  return () => removeEventListener("keydown", press);
}
