import { MAX_SEARCH_CHARACTERS } from "../../api/limits";
import { type SubmitEvent, useId, useState } from "react";
import { useTrySearch } from "../../api/collections";
import { getFieldError, getFormError } from "../../api/refusals";
import type { Collection } from "../../api/types";
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
  const [text, setText] = useState("");
  const [top, setTop] = useState("5");
  const [filter, setFilter] = useState("");
  const wrong = checkTop(top);
  const ready = text.trim() !== "" && wrong === null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (ready) search.mutate({ text: text.trim(), top: Number(top), filter: filter.trim() });
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
        <Field label="Top" error={wrong ?? getFieldError(search.error, "top")} className={styles.top}>
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
          error={getFieldError(search.error, "filter")}
          className={styles.filter}
        >
          {(control) => (
            <Input
              {...control}
              code
              placeholder={FILTER_EXAMPLE}
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
          busy={search.isPending || !ready}
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

const FILTER_EXAMPLE = 'language == "en" and year >= 2020';

function checkTop(top: string): string | null {
  const figure = Number(top);
  const fits = /^\d+$/.test(top.trim()) && figure >= 1 && figure <= MAX_RESULTS;
  return fits ? null : `Top is a whole number from 1 to ${MAX_RESULTS}.`;
}
