import { getWidgetVisitor, storeWidgetVisitor } from "../api/widget-visitor";
import { framingOrigin } from "./frame";

/** A new id in the form of a UUID. `crypto.randomUUID` is there only under HTTPS. */
export function createId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

const ID = /^#([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/**
 * The conversation that the address of the page names, so that a reload comes back to it. A widget stores it instead,
 * because its visitor goes from page to page.
 */
export function readConversationId(): string | null {
  if (framingOrigin !== null) return getWidgetVisitor().conversation;
  return ID.exec(location.hash)?.[1] ?? null;
}

export function writeConversationId(id: string | null): void {
  if (framingOrigin !== null) storeWidgetVisitor({ conversation: id });
  else history.replaceState(null, "", id === null ? location.pathname : `#${id}`);
}
