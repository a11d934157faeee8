import { useFetchFlowFile } from "../../api/exchange";
import { describeError } from "../../api/refusals";
import type { FlowRow } from "../../api/types";
import { showDoneToast, showFailedToast } from "../../ui/feedback/toasts";
import { createFileName, saveFile } from "../../ui/save-file";

/** Saves a flow, with the flows that it calls, as a file on the person's device. */
export function useExportFlow({ id, name }: Pick<FlowRow, "id" | "name">): () => void {
  const fetchFile = useFetchFlowFile();
  return () =>
    fetchFile.mutate(id, {
      onSuccess: (file) => {
        saveFile(createFileName(name), `${JSON.stringify(file, null, 2)}\n`);
        const called = file.flows.length - 1;
        const more = called === 0 ? "" : ` With it: ${called} called ${called === 1 ? "flow" : "flows"}.`;
        showDoneToast("Flow exported", { text: `The file holds no secrets.${more}` });
      },
      onError: (error) => showFailedToast(`${name} is not exported`, { text: describeError(error) }),
    });
}
