/** The fields that the filters of a collection can use. */
import { useQuery } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { FilterField } from "./types";

/** Loads the fields that the documents of a collection have, those that most have first; nothing without a collection. */
export function useFilterFields(collection: string | null) {
  return useQuery({
    queryKey: queryKeys.filterFields(collection ?? ""),
    queryFn: async ({ signal }) =>
      (await call<{ fields: FilterField[] }>("GET", `collections/${collection ?? ""}/fields`, { signal }))
        .fields,
    enabled: collection !== null,
  });
}

/** A filter that finds something, such as `page == 3`; null where no document has a field with a short value. */
export function writeFilterExample(fields: readonly FilterField[] | undefined): string | null {
  const known = (fields ?? []).filter(({ example }) => example !== null);
  const field = known.find(({ name }) => name !== "document") ?? known[0];
  return field ? `${field.name} == ${JSON.stringify(field.example)}` : null;
}

/** The filter with one more field at its end, where its comparison is typed next. */
export function addFilterField(filter: string, field: string): string {
  const text = filter.trimEnd();
  const isComplete = text !== "" && !/(?:\b(?:and|or|not)|\()$/.test(text);
  return `${text}${isComplete ? " and" : ""}${text === "" ? "" : " "}${field} `;
}
