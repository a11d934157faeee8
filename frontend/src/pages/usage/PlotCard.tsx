import { type ReactNode, useId, useState } from "react";
import { Button } from "../../ui/controls/Button";
import { ScrollArea } from "../../ui/controls/ScrollArea";
import { saveFile } from "../../ui/save-file";
import { type CsvCell, writeCsv } from "./csv";
import type { Series } from "./DayPlot";
import styles from "./plots.module.css";

export interface PlotColumn<Row> {
  title: string;
  read: (row: Row) => CsvCell;
  /** How the value is shown; as it is by default. */
  show?: (row: Row) => ReactNode;
  isNumber?: boolean;
  /** Its title is for screen readers alone, and it is not saved. */
  holdsButtons?: boolean;
}

interface PlotCardProps<Row> {
  title: string;
  /** The figure of all days together. */
  figure?: string;
  /** The name of the file without its ending. */
  fileName: string;
  legend?: readonly Pick<Series, "title" | "look">[];
  columns: readonly PlotColumn<Row>[];
  rows: readonly Row[];
  getKey: (row: Row) => string;
  /** The plot; without one the table is always shown. */
  children?: ReactNode;
  note?: ReactNode;
}

/** A plot with the table behind it, which can be shown in its place and saved. */
export function PlotCard<Row>(props: PlotCardProps<Row>) {
  const { title, figure, fileName, legend = [], columns, rows, children, note } = props;
  const id = useId();
  const [isTable, setIsTable] = useState(false);
  const save = () => {
    const saved = columns.filter(({ holdsButtons }) => !holdsButtons);
    const lines = [
      saved.map((column) => column.title),
      ...rows.map((row) => saved.map(({ read }) => read(row))),
    ];
    saveFile(`${fileName}.csv`, writeCsv(lines), "text/csv");
  };
  return (
    <section className={styles.card} aria-labelledby={id}>
      <header className={styles.head}>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {figure ? <b className={styles.figure}>{figure}</b> : null}
        <span className={styles.actions}>
          {children ? (
            <Button
              kind="quiet"
              aria-pressed={isTable}
              aria-label={`Table of ${title}`}
              onClick={() => setIsTable(!isTable)}
            >
              Table
            </Button>
          ) : null}
          <Button kind="quiet" icon="download" aria-label={`Save ${title} as CSV`} onClick={save}>
            CSV
          </Button>
        </span>
      </header>
      {children && !isTable ? (
        <>
          <Legend series={legend} />
          {children}
        </>
      ) : (
        <PlotTable {...props} />
      )}
      {note ? <div className={styles.note}>{note}</div> : null}
    </section>
  );
}

function Legend({ series }: { series: readonly Pick<Series, "title" | "look">[] }) {
  if (series.length < 2) return <div className={styles.legend} />;
  return (
    <ul className={styles.legend}>
      {series.map(({ title, look }) => (
        <li key={title}>
          <svg className={styles.swatch} viewBox="0 0 10 10" aria-hidden="true">
            <rect className={styles[look]} width="10" height="10" rx="2" />
          </svg>
          {title}
        </li>
      ))}
    </ul>
  );
}

function PlotTable<Row>({ title, columns, rows, getKey }: PlotCardProps<Row>) {
  return (
    <ScrollArea className={styles.scroll} label={title}>
      <table className={styles.table}>
        <caption className={styles.caption}>{title}</caption>
        <thead>
          <tr>
            {columns.map(({ title: head, isNumber, holdsButtons }) =>
              holdsButtons ? (
                <th key={head} aria-label={head} />
              ) : (
                <th key={head} scope="col" className={isNumber ? styles.number : undefined}>
                  {head}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={getKey(row)}>
              {columns.map(({ title: head, read, show, isNumber }) => (
                <td key={head} className={isNumber ? styles.number : undefined}>
                  {show ? show(row) : read(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
