import type { KeyboardEvent } from "react";

/** Whether Tab is pressed in an empty field, which takes what the field shows in grey. */
export function isAccept({ key, shiftKey }: KeyboardEvent, text: string): boolean {
  return key === "Tab" && !shiftKey && text === "";
}
