import { type ReactNode, useState } from "react";
import { SearchBox } from "../../ui/controls/SearchBox";
import { PageError } from "../../ui/feedback/PageError";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import text from "../../ui/text.module.css";
import { matchesWords } from "./matches-words";
import { PageHead } from "./PageHead";
import styles from "./resource.module.css";

/** The part of a query that a page needs. */
export interface ResourceQuery<Item> {
  data: Item[] | undefined;
  error: Error | null;
  refetch: () => unknown;
}

export interface ResourceSearch<Item> {
  /** The label of the field, such as "Find a flow". */
  label: string;
  getText: (item: Item) => string;
  /** What the figures of the list cover, beside the field. */
  note?: string;
}

interface ResourcePageProps<Item> {
  title: string;
  /** The resources in a sentence, such as "flows". */
  plural: string;
  query: ResourceQuery<Item>;
  /** Absent where the list has no search. */
  search?: ResourceSearch<Item>;
  /** Buttons of the head, while there is at least one resource. */
  actions: ReactNode;
  /** The page while there is no resource. */
  empty: ReactNode;
  /** The list of the items that match the typed words. */
  children: (items: Item[], words: string) => ReactNode;
  /** The open dialog. */
  dialog: ReactNode;
}

/** A page that lists the resources of one kind: it loads them, searches them and shows why they cannot be loaded. */
export function ResourcePage<Item>(props: ResourcePageProps<Item>) {
  const { title, query, actions, dialog } = props;
  return (
    <main>
      <PageHead title={title} count={query.data?.length}>
        {query.data?.length ? actions : null}
      </PageHead>
      <Content {...props} />
      {dialog}
    </main>
  );
}

function Content<Item>({ plural, query, search, empty, children }: ResourcePageProps<Item>) {
  const { data, error, refetch } = query;
  if (data?.length === 0) return empty;
  if (data && search)
    return (
      <SearchableList items={data} search={search}>
        {children}
      </SearchableList>
    );
  if (data) return children(data, "");
  if (error)
    return <PageError title={`The ${plural} cannot be shown`} error={error} onAct={() => void refetch()} />;
  return <SkeletonRows label={`Loading ${plural}`} />;
}

interface SearchableListProps<Item> {
  items: Item[];
  search: ResourceSearch<Item>;
  children: (items: Item[], words: string) => ReactNode;
}

function SearchableList<Item>({ items, search, children }: SearchableListProps<Item>) {
  const [words, setWords] = useState("");
  return (
    <>
      <div className={styles.bar}>
        <SearchBox label={search.label} value={words} onChange={setWords} />
        {search.note ? <span className={text.muted}>{search.note}</span> : null}
      </div>
      {children(
        items.filter((item) => matchesWords(search.getText(item), words)),
        words,
      )}
    </>
  );
}
