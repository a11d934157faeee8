import { Command } from "cmdk";
import { Popover } from "radix-ui";
import { useState } from "react";
import type { ActionDescription, Catalogue } from "../../api/types";
import { ActionIcon } from "../canvas/card/ActionIcon";
import { addAction } from "../canvas/placement/add-action";
import { focusSelected } from "../canvas/gestures/focus";
import { changeCanvasUi, type Picker, type PickTarget, useCanvasUi } from "../canvas/ui-store";
import { type ActionIndex, getAction } from "../../graph/action-index";
import { useActions } from "../../graph/useActions";
import { findNode } from "../../graph/document";
import { acceptsTarget, type Port, listSourcePorts } from "../../graph/rules";
import { graphStore } from "../../graph/store";
import { keepFocus } from "../../ui/controls/keep-focus";
import { useEnterGuard } from "../../ui/controls/useEnterGuard";
import { useSearchKeys } from "../../ui/controls/useSearchKeys";
import { Icon } from "../../ui/icons/Icon";
import { listFamilies, searchFamilies } from "./families";
import styles from "./Palette.module.css";

/** The list of actions where an edge was dropped or a + was pressed. It shows only the actions that fit there. */
export function ActionPicker({ catalogue }: { catalogue: Catalogue }) {
  const picker = useCanvasUi((ui) => ui.picker);
  if (!picker) return null;
  return <PickerPopover catalogue={catalogue} picker={picker} />;
}

function PickerPopover({ catalogue, picker }: { catalogue: Catalogue; picker: Picker }) {
  const actions = useActions();
  const families = listFamilies(catalogue, (action) => fitsTarget(actions, picker.target, action));
  const [query, setQuery] = useState("");
  const guardEnter = useEnterGuard(query);
  const { handleKey } = useSearchKeys(query, setQuery);
  const close = (): void => changeCanvasUi({ picker: null });
  const pick = (action: ActionDescription): void => {
    close();
    addAction(actions, action, picker.target);
    focusSelected();
  };
  return (
    <Popover.Root open onOpenChange={close}>
      <Popover.Anchor style={{ position: "fixed", left: picker.at.x, top: picker.at.y }} />
      <Popover.Portal>
        <Popover.Content
          className={styles.picker}
          aria-label="Add an action"
          side="right"
          align="start"
          sideOffset={8}
          collisionPadding={8}
          onEscapeKeyDown={(event) => handleKey(event) && event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          <Command
            className={styles.command}
            label="Add an action"
            shouldFilter={false}
            loop
            vimBindings={false}
            onKeyDown={guardEnter}
          >
            <label className={styles.find}>
              <Icon name="search" size={14} />
              <Command.Input
                ref={keepFocus}
                autoFocus
                value={query}
                onValueChange={setQuery}
                placeholder="Add an action"
                onKeyDown={(event) => !event.defaultPrevented && handleKey(event) && event.preventDefault()}
              />
            </label>
            {/* Not in the list, which may hold nothing but actions. */}
            <Command.Empty className={styles.nothing}>No action that fits here has this name.</Command.Empty>
            <Command.List className={styles.list}>
              {searchFamilies(families, query).map((family) => (
                <Command.Group
                  key={family.id}
                  heading={<span className={styles.heading}>{family.title}</span>}
                  className={styles.group}
                >
                  {family.items.map((action) => (
                    <Command.Item
                      key={action.type}
                      className={styles.item}
                      value={action.type}
                      onSelect={() => pick(action)}
                    >
                      <ActionIcon action={action} className={styles.icon} />
                      <span className={styles.title}>{action.title}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function fitsTarget(actions: ActionIndex, target: PickTarget, action: ActionDescription): boolean {
  if (target.kind === "ground") return true;
  if (target.kind === "edge") return action.input;
  return fitsPort(actions, target.port, action);
}

function fitsPort(actions: ActionIndex, port: Port, action: ActionDescription): boolean {
  const node = findNode(graphStore.getState().graph, port.node);
  if (!node) return false;
  const own = getAction(actions, node);
  if (port.side === "source") return acceptsTarget(own, port.kind, port.name, action);
  return listSourcePorts("", action).some(
    (each) => each.kind === port.kind && acceptsTarget(action, port.kind, each.name, own),
  );
}
