import { useEffect, useState } from "react";
import { Button, type ButtonProps } from "./Button";

interface CopyButtonProps extends Omit<ButtonProps, "icon" | "onClick"> {
  text: string;
  /** Names what is copied, for screen readers. */
  label: string;
}

/** Copies a text and confirms it for two seconds. Says so when the browser forbids it. */
export function CopyButton({ text, label, ...rest }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<"Copied" | "Not allowed" | null>(null);
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(null), 2000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () =>
    void writeText(text).then(
      () => setOutcome("Copied"),
      () => setOutcome("Not allowed"),
    );
  return (
    <Button
      {...rest}
      icon={outcome === "Copied" ? "tick" : "copy"}
      aria-label={outcome ?? label}
      onClick={copy}
    >
      <span aria-live="polite">{outcome ?? "Copy"}</span>
    </Button>
  );
}

/** Copies to the clipboard. Without HTTPS only pages of localhost have a clipboard. */
async function writeText(text: string): Promise<void> {
  if (!("clipboard" in navigator)) throw new Error("No clipboard here.");
  await navigator.clipboard.writeText(text);
}
