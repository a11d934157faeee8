import type { ComponentProps, MouseEvent } from "react";
import { Link, type LinkProps } from "react-router";
import styles from "./Button.module.css";
import { joinClasses } from "../classes";
import { Icon, type IconName } from "../icons/Icon";

export type ButtonKind = "solid" | "line" | "quiet" | "danger" | "danger-solid";
export type ButtonSize = "m" | "l";

interface ButtonLook {
  /** `solid` is the one primary button of a screen. */
  kind?: ButtonKind;
  /** 28 px in panels, 32 px (`l`) in bars and dialogs. */
  size?: ButtonSize;
  icon?: IconName;
}

export interface ButtonProps extends ComponentProps<"button">, ButtonLook {
  /** Work goes on: the button keeps the focus and does nothing. Its label says what goes on. */
  busy?: boolean;
  /** Why the button cannot be pressed now: a tooltip, and read with the button, which keeps the focus. */
  reason?: string | null;
}

/** A button with a verb. Its type is `button` unless it submits a form. */
export function Button({
  kind,
  size,
  icon,
  busy = false,
  reason = null,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const isOff = busy || reason !== null;
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (isOff) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      type="button"
      title={reason ?? undefined}
      {...rest}
      aria-disabled={isOff || undefined}
      className={getButtonClasses({ kind, size }, className)}
      onClick={click}
    >
      {icon ? <Icon name={icon} /> : null}
      {children}
    </button>
  );
}

/** A link that looks like a button, for what opens another page. */
export function LinkButton({ kind, size, icon, className, children, ...rest }: LinkProps & ButtonLook) {
  return (
    <Link {...rest} className={getButtonClasses({ kind, size }, className)}>
      {icon ? <Icon name={icon} /> : null}
      {children}
    </Link>
  );
}

export interface IconButtonProps extends ButtonProps {
  /** The name of the button for screen readers. */
  label: string;
}

/** A square button with a glyph: `icon`, or a child. Give it a Tooltip unless everyone knows the glyph. */
export function IconButton({ label, kind = "quiet", className, ...rest }: IconButtonProps) {
  return (
    <Button {...rest} kind={kind} aria-label={label} className={joinClasses(styles.square, className)} />
  );
}

function getButtonClasses({ kind = "line", size = "m" }: ButtonLook, className: string | undefined): string {
  return joinClasses(styles.button, styles[kind], size === "l" && styles.large, className);
}
