import { MAX_SEARCH_CHARACTERS } from "../../api/limits";
import { type SubmitEvent, useId, useState } from "react";
import { useTrySearch } from "../../api/collections";
import { useFilterFields, writeFilterExample } from "../../api/filter-fields";
import { getFieldError, getFormError } from "../../api/refusals";
import type { Collection, FilterField } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";
import { Notice } from "../../ui/feedback/Notice";
import { SearchResults } from "./SearchResults";
import styles from "./TrySearch.module.css";

const MAX_RESULTS = 100;

/** Tries a search as the action Search vectors makes it, and shows the scores. */
export function TrySearch({ collection }: { collection: Collection }) {
  const form = useId();
  const search = useTrySearch(collection.id);
  const fields = useFilterFields(collection.id).data;
  const [text, setText] = useState("");
  const [top, setTop] = useState("5");
  const [filter, setFilter] = useState("");
  const wrong = checkTop(top);
  const reason = text.trim() === "" ? "Type what is looked for." : wrong;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (reason === null) search.mutate({ text: text.trim(), top: Number(top), filter: filter.trim() });
  };
  const elsewhere = getFormError(search.error, ["text", "top", "filter"]);
  return (
    <div className={styles.view}>
      <form id={form} className={styles.form} onSubmit={submit} noValidate>
        <Field label="Search text" error={getFieldError(search.error, "text")} className={styles.text}>
          {(control) => (
            <Input
              {...control}
              placeholder="What a user would ask"
              maxLength={MAX_SEARCH_CHARACTERS}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <Field label="Top" error={getFieldError(search.error, "top")} fault={wrong} className={styles.top}>
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={top}
              onChange={(event) => setTop(event.target.value)}
            />
          )}
        </Field>
        <Field
          label="Filter"
          optional
          help={describeFields(fields)}
          error={getFieldError(search.error, "filter")}
          className={styles.filter}
        >
          {(control) => (
            <Input
              {...control}
              code
              placeholder={writeFilterExample(fields) ?? undefined}
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
          )}
        </Field>
        <Button
          kind="solid"
          size="l"
          icon="search"
          type="submit"
          className={styles.button}
          busy={search.isPending}
          reason={reason}
        >
          Search
        </Button>
      </form>
      {elsewhere ? <Notice kind="failed">{elsewhere}</Notice> : null}
      <SearchResults
        answer={search.data}
        searchedText={search.variables?.text}
        searching={search.isPending}
        empty={collection.chunks === 0}
      />
    </div>
  );
}

const MAX_FIELDS = 8;

/** The fields that the documents have, in a line below the filter. */
function describeFields(fields: readonly FilterField[] | undefined): string | null {
  if (!fields?.length) return null;
  const names = fields.slice(0, MAX_FIELDS).map(({ name }) => name);
  return `Fields: ${names.join(", ")}${fields.length > MAX_FIELDS ? " …" : ""}`;
}

function checkTop(top: string): string | null {
  const figure = Number(top);
  const fits = /^\d+$/.test(top.trim()) && figure >= 1 && figure <= MAX_RESULTS;
  return fits ? null : `Top is a whole number from 1 to ${MAX_RESULTS}.`;
}
