import { useRef } from "react";
import { Button } from "../../../ui/controls/Button";
import { ACCEPTED_ENDINGS } from "./uploads";

/** Opens the system's own dialog for files; several can be chosen. */
export function UploadButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const choose = (files: FileList | null) => {
    if (files?.length) onFiles([...files]);
    // The same file can be chosen again after it was refused.
    if (input.current) input.current.value = "";
  };
  return (
    <>
      <Button kind="solid" size="l" icon="upload" onClick={() => input.current?.click()}>
        Upload documents
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={ACCEPTED_ENDINGS.join(",")}
        aria-label="Documents to upload"
        onChange={(event) => choose(event.target.files)}
      />
    </>
  );
}
