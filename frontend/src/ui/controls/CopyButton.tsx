import { useEffect, useState } from "react";
import { Button, type ButtonProps } from "./Button";

interface CopyButtonProps extends Omit<ButtonProps, "icon" | "onClick"> {
  text: string;
  /** Spoken: what is copied. */
  label: string;
}

/** Copies a text and says so for two seconds. Where the browser forbids it, it says that instead. */
export function CopyButton({ text, label, ...rest }: CopyButtonProps) {
  const [said, setSaid] = useState<"Copied" | "Not allowed" | null>(null);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(null), 2000);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () =>
    void writeText(text).then(
      () => setSaid("Copied"),
      () => setSaid("Not allowed"),
    );
  return (
    <Button {...rest} icon={said === "Copied" ? "tick" : "copy"} aria-label={said ?? label} onClick={copy}>
      <span aria-live="polite">{said ?? "Copy"}</span>
    </Button>
  );
}

/** Without HTTPS a browser has no clipboard for pages other than localhost. */
async function writeText(text: string): Promise<void> {
  if (!("clipboard" in navigator)) throw new Error("No clipboard here.");
  await navigator.clipboard.writeText(text);
}
