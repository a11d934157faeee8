import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "./Button";
import { classes } from "./classes";
import styles from "./Dialog.module.css";
import text from "./text.module.css";

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** A word beside the title, such as the kind of the thing. */
  tag?: ReactNode;
  /** One sentence under the title, spoken with it. */
  description?: string;
  /** Buttons: what destroys on the left, then Cancel and the primary on the right. */
  footer?: ReactNode;
  /** 560 px unless "wide" (for texts). */
  size?: "normal" | "wide";
  children: ReactNode;
}

/** A dialog at 112 px from the top. Escape closes it, and the focus returns to what opened it. */
export function Dialog({ open, onOpenChange, title, tag, description, size, footer, children }: DialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={styles.scrim} />
        <Primitive.Content
          className={classes(styles.dialog, size === "wide" && styles.wide)}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <header className={styles.head}>
            <Primitive.Title className={classes(styles.title, text.clip)}>{title}</Primitive.Title>
            {tag}
            <span className={text.grow} />
            <Primitive.Close asChild>
              <IconButton icon="close" label="Close" />
            </Primitive.Close>
          </header>
          {description ? (
            <Primitive.Description className={styles.description}>{description}</Primitive.Description>
          ) : null}
          {children}
          {footer}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** What scrolls when the window is low. */
export function DialogBody({ children }: { children: ReactNode }) {
  return <div className={styles.body}>{children}</div>;
}

interface DialogFooterProps {
  /** The left end, for what destroys. */
  start?: ReactNode;
  children: ReactNode;
}

export function DialogFooter({ start, children }: DialogFooterProps) {
  return (
    <footer className={styles.footer}>
      {start}
      <span className={text.grow} />
      {children}
    </footer>
  );
}
