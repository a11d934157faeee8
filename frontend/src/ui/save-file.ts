const MAX_NAME_CHARACTERS = 80;

/** Lets the browser save a content as a file. */
export function saveFile(name: string, content: string | Blob, type = "application/json") {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads the address while it handles the click.
  setTimeout(() => URL.revokeObjectURL(address));
}

/** `Night desk / EU` → `Night desk - EU.millrace.json`: a name that every system takes. */
export function createFileName(name: string): string {
  const plain = name
    .replace(/[\\/:*?"<>|\p{Cc}]+/gu, "-")
    .replace(/^[.\s-]+|[.\s-]+$/g, "")
    .slice(0, MAX_NAME_CHARACTERS);
  return `${plain || "flow"}.millrace.json`;
}
