import { MenuItem, PointMenu } from "../../ui/overlays/Menu";
import { changeCanvasUi, useCanvasUi } from "../canvas/ui-store";
import { allCommands } from "./all-commands";
import { performCommand } from "./perform-command";
import { getShortcut } from "./shortcuts";
import { useEditorTools } from "./useEditorTools";

/** The menu that a right click on a card opens. */
export function CardMenu() {
  const place = useCanvasUi((ui) => ui.cardMenu);
  if (!place) return null;
  return (
    <PointMenu label="Card" at={place} onClose={() => changeCanvasUi({ cardMenu: null })}>
      <CardMenuItems />
    </PointMenu>
  );
}

/** The commands for the selected cards, for any menu that is about them. */
export function CardMenuItems() {
  const tools = useEditorTools();
  const commands = allCommands.filter(
    (command) => command.scope === "selection" && !command.readsKey && command.enabled(tools),
  );
  return commands.map((command) => (
    <MenuItem
      key={command.id}
      icon={command.icon}
      danger={command.isDangerous}
      shortcut={getShortcut(command)}
      onSelect={() => performCommand(command, tools)}
    >
      {command.getCardTitle?.() ?? command.title}
    </MenuItem>
  ));
}
