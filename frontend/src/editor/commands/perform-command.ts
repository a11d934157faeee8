import type { EditorCommand, EditorTools, PressedKey } from "./command";
import { selectFocusedCard } from "./target";

/** Performs a command for the keyboard and the menus alike; does nothing while the command is not enabled. */
export function performCommand(command: EditorCommand, tools: EditorTools, pressed?: PressedKey): void {
  if (command.scope === "selection") selectFocusedCard();
  if (command.enabled(tools)) command.perform(tools, pressed);
}
