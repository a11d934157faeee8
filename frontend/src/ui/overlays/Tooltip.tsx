import { Tooltip as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import styles from "./Tooltip.module.css";

/** One for the app: a tooltip waits 400 ms, and none when another is open already. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Primitive.Provider delayDuration={400} skipDelayDuration={300}>
      {children}
    </Primitive.Provider>
  );
}

interface TooltipProps {
  /** Without a text there is no tooltip, and the child stays as it is. */
  text: ReactNode;
  side?: "top" | "right" | "bottom" | "left";
  /** One element that takes a ref. */
  children: ReactNode;
}

export function Tooltip({ text, side = "bottom", children }: TooltipProps) {
  if (!text) return children;
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content className={styles.tip} side={side} sideOffset={6} collisionPadding={8}>
          {text}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
