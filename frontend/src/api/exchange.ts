/** Files of flows: export, check and import. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { FlowFile, FlowsImported, ImportReview } from "./types";

/** Fetches a flow, with the flows that it calls, as a file without secrets. */
export function useFetchFlowFile() {
  return useMutation({ mutationFn: (id: string) => call<FlowFile>("GET", `flows/${id}/export`) });
}

/** Asks what an import of the file would bring, once for each number of a file. The server changes nothing. */
export function useImportReview(file: number, content: string) {
  return useQuery({
    queryKey: queryKeys.importReview(file),
    queryFn: ({ signal }) => call<ImportReview>("POST", "flows/import/check", { body: { content }, signal }),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
}

export interface ImportedFile {
  content: string;
  /** What is chosen for placeholders, by their ids. */
  choices: Record<string, string>;
}

export function useImportFlows() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (file: ImportedFile) => call<FlowsImported>("POST", "flows/import", { body: file }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.flows, exact: true }),
  });
}
