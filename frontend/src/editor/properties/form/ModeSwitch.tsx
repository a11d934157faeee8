import { RadioGroup } from "radix-ui";
import { useRef } from "react";
import type { BindingMode } from "../../../api/types";
import { IconButton } from "../../../ui/controls/Button";
import { Icon, type IconName } from "../../../ui/icons/Icon";
import { Menu, MenuChoices } from "../../../ui/overlays/Menu";
import { Tooltip } from "../../../ui/overlays/Tooltip";
import styles from "./ModeSwitch.module.css";

const modeTitles = {
  literal: { title: "Literal", hint: "The value itself", icon: "literal" },
  variable: { title: "Variable", hint: "What a variable holds in the run", icon: "variable" },
  template: { title: "Template", hint: "A text with parts that are replaced", icon: "template" },
} as const satisfies Record<BindingMode, { title: string; hint: string; icon: IconName }>;

export interface ModeControlProps {
  /** The title of the property. */
  title: string;
  modes: BindingMode[];
  mode: BindingMode;
  readOnly: boolean;
  /** `pressed` when the person pressed this mode, and did not reach it by an arrow key on the way to the next. */
  onChange: (mode: BindingMode, pressed: boolean) => void;
}

/** The modes above a text, side by side. */
export function ModeSwitch({ title, modes, mode, readOnly, onChange }: ModeControlProps) {
  const pressed = useRef(false);
  return (
    <RadioGroup.Root
      className={styles.switch}
      orientation="horizontal"
      aria-label={`Value of ${title} is`}
      value={mode}
      disabled={readOnly}
      onValueChange={(next) => onChange(next as BindingMode, pressed.current)}
    >
      {modes.map((each) => (
        <Tooltip key={each} text={modeTitles[each].title}>
          <RadioGroup.Item
            value={each}
            className={styles.part}
            aria-label={modeTitles[each].title}
            // A press counts its clicks; the click that an arrow key makes has none.
            onClick={(event) => (pressed.current = event.detail > 0)}
          >
            <Icon name={modeTitles[each].icon} size={14} />
          </RadioGroup.Item>
        </Tooltip>
      ))}
    </RadioGroup.Root>
  );
}

/** The modes at the end of a one-line field, in a menu. */
export function ModeMenu({ title, modes, mode, readOnly, onChange }: ModeControlProps) {
  return (
    <Menu
      trigger={
        <IconButton
          icon={modeTitles[mode].icon}
          label={`Value of ${title} is: ${modeTitles[mode].title}`}
          className={styles.closed}
          disabled={readOnly}
        />
      }
    >
      <MenuChoices
        label="Value is"
        value={mode}
        choices={modes.map((each) => ({ value: each, ...modeTitles[each] }))}
        onChange={(next) => onChange(next, true)}
      />
    </Menu>
  );
}
