import { useRef } from "react";
import { Button } from "../../../ui/controls/Button";
import { ACCEPTED_ENDINGS } from "./uploads";

/** Opens the file dialog of the operating system; a person can choose several files. */
export function UploadButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const choose = (files: FileList | null) => {
    if (files?.length) onFiles([...files]);
    // The person can choose the same file again after it was refused.
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
