import { useQuery } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { FlowTemplate } from "./types";

/** Loads the templates. The list changes only with the version of the server. */
export function useTemplates() {
  return useQuery({
    queryKey: queryKeys.templates,
    queryFn: async ({ signal }) =>
      (await call<{ templates: FlowTemplate[] }>("GET", "templates", { signal })).templates,
    staleTime: Infinity,
  });
}
