import { DropdownMenu as Primitive } from "radix-ui";
import { createContext, type ReactNode, use, useRef } from "react";
import { joinClasses } from "../classes";
import { Icon, type IconName } from "../icons/Icon";
import styles from "./Menu.module.css";
import { useReturnFocus } from "./useReturnFocus";

const Choose = createContext<(act: () => void) => void>((act) => act());

interface MenuProps {
  /** The button that opens the menu. */
  trigger: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom";
  children: ReactNode;
}

/**
 * A menu of verbs. The chosen one runs after the focus is back on the trigger, so that a dialog that it opens returns
 * the focus there.
 */
export function Menu({ trigger, align = "end", side = "bottom", children }: MenuProps) {
  const chosen = useRef<(() => void) | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const finish = (event: Event) => {
    const act = chosen.current;
    chosen.current = null;
    if (!act) return;
    event.preventDefault();
    opener.current?.focus();
    act();
  };
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild ref={opener}>
        {trigger}
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          className={styles.menu}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={finish}
        >
          <Choose value={(act) => (chosen.current = act)}>{children}</Choose>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

interface PointMenuProps {
  /** Names the menu for screen readers. */
  label: string;
  /** The point in the window where the menu opens. */
  at: { x: number; y: number };
  onClose: () => void;
  children: ReactNode;
}

/** A menu that is open at a point, such as that of a right click. The focus returns to where it was. */
export function PointMenu({ label, at, onClose, children }: PointMenuProps) {
  const chosen = useRef<(() => void) | null>(null);
  const returnFocus = useReturnFocus();
  const finish = (event: Event) => {
    event.preventDefault();
    returnFocus(event);
    chosen.current?.();
  };
  return (
    <Primitive.Root open onOpenChange={onClose}>
      <Primitive.Trigger asChild>
        <button
          type="button"
          tabIndex={-1}
          className={styles.point}
          style={{ left: at.x, top: at.y }}
          aria-label={label}
        />
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          className={styles.menu}
          align="start"
          collisionPadding={8}
          onCloseAutoFocus={finish}
        >
          <Choose value={(act) => (chosen.current = act)}>{children}</Choose>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

interface MenuItemProps {
  icon?: IconName;
  /** The keys that do the same. */
  shortcut?: string;
  /** A second line under the label. */
  hint?: string;
  danger?: boolean;
  /** What it does is not possible now; what it opens says why. */
  muted?: boolean;
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}

export function MenuItem({
  icon,
  shortcut,
  hint,
  danger,
  muted,
  disabled,
  onSelect,
  children,
}: MenuItemProps) {
  const choose = use(Choose);
  return (
    <Primitive.Item
      className={joinClasses(styles.item, danger && styles.danger, muted && styles.muted)}
      disabled={disabled}
      onSelect={() => choose(onSelect)}
    >
      {icon ? <Icon name={icon} /> : null}
      <span className={styles.label}>
        {children}
        {hint ? <small className={styles.hint}>{hint}</small> : null}
      </span>
      {shortcut ? <kbd className={styles.shortcut}>{shortcut}</kbd> : null}
    </Primitive.Item>
  );
}

export function MenuSeparator() {
  return <Primitive.Separator className={styles.separator} />;
}

interface MenuChoicesProps<Value extends string> {
  label: string;
  value: Value;
  choices: readonly { value: Value; title: string; hint?: string; icon?: IconName }[];
  onChange: (value: Value) => void;
}

/** A group of choices, of which one is active. */
export function MenuChoices<Value extends string>({
  label,
  value,
  choices,
  onChange,
}: MenuChoicesProps<Value>) {
  const choose = use(Choose);
  return (
    <>
      <Primitive.Label className={styles.heading}>{label}</Primitive.Label>
      <Primitive.RadioGroup
        aria-label={label}
        value={value}
        onValueChange={(next) => choose(() => onChange(next as Value))}
      >
        {choices.map((choice) => (
          <Primitive.RadioItem key={choice.value} value={choice.value} className={styles.item}>
            <span className={styles.tick}>
              <Primitive.ItemIndicator>
                <Icon name="tick" size={14} />
              </Primitive.ItemIndicator>
            </span>
            {choice.icon ? <Icon name={choice.icon} size={14} /> : null}
            <span className={styles.label}>
              {choice.title}
              {choice.hint ? <small className={styles.hint}>{choice.hint}</small> : null}
            </span>
          </Primitive.RadioItem>
        ))}
      </Primitive.RadioGroup>
    </>
  );
}
