import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "../controls/Button";
import { ScrollArea } from "../controls/ScrollArea";
import { joinClasses } from "../classes";
import styles from "./Dialog.module.css";
import text from "../text.module.css";
import { useReturnFocus } from "./useReturnFocus";

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** A word beside the title, such as the kind of the resource. */
  tag?: ReactNode;
  /** One sentence under the title; screen readers read it with the title. */
  description?: string;
  /** Buttons: a dangerous one on the left, then Cancel and the primary one on the right. */
  footer?: ReactNode;
  /** 560 px unless "wide" (for texts). */
  size?: "normal" | "wide";
  /** Called instead of closing, for Escape while typed or shown content would be lost. A click beside it does nothing. */
  onEscape?: () => void;
  children: ReactNode;
}

/** A dialog at 112 px from the top. Escape closes it unless content would be lost, and the focus returns to what opened it. */
export function Dialog({ open, onOpenChange, ...content }: DialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={styles.scrim} />
        <DialogContent {...content} />
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function DialogContent(props: Omit<DialogProps, "open" | "onOpenChange">) {
  const { title, tag, description, size, footer, onEscape, children } = props;
  const returnFocus = useReturnFocus();
  return (
    <Primitive.Content
      className={joinClasses(styles.dialog, size === "wide" && styles.wide)}
      onInteractOutside={(event) => onEscape && event.preventDefault()}
      onEscapeKeyDown={(event) => {
        if (!onEscape) return;
        event.preventDefault();
        onEscape();
      }}
      onCloseAutoFocus={returnFocus}
      {...(description ? {} : { "aria-describedby": undefined })}
    >
      <header className={styles.head}>
        <Primitive.Title className={joinClasses(styles.title, text.clip)}>{title}</Primitive.Title>
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
  );
}

/** The part that scrolls when the window is low. */
export function DialogBody({ children }: { children: ReactNode }) {
  return (
    <ScrollArea className={styles.body} label="Content of the dialog">
      {children}
    </ScrollArea>
  );
}

interface DialogFooterProps {
  /** The left end, for a dangerous button. */
  start?: ReactNode;
  /** Why the primary button cannot be pressed yet, with the id that the button names. */
  reason?: { id: string; text: string } | null;
  children: ReactNode;
}

export function DialogFooter({ start, reason, children }: DialogFooterProps) {
  return (
    <footer className={styles.footer}>
      {start}
      <span className={text.grow} />
      {reason ? (
        <p id={reason.id} className={styles.reason}>
          {reason.text}
        </p>
      ) : null}
      {children}
    </footer>
  );
}
