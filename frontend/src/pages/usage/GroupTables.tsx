import type { ModelUsage, UsageFigures, WorkspaceUsage } from "../../api/types";
import { formatCount, formatDuration, formatNumber } from "../../ui/format";
import { formatCompact, formatDollars, sumTokens } from "./format-usage";
import { PlotCard, type PlotColumn } from "./PlotCard";
import styles from "./plots.module.css";

/** What runs have in common, as one row of a table. */
interface GroupRow {
  id: string;
  name: string;
  figures: UsageFigures;
}

/** What the usage is of, and whose: flows, versions, callers and models. */
export function GroupTables({ usage }: { usage: WorkspaceUsage }) {
  const { flows, versions, keys, models, left_out: left } = usage;
  const flowRows = flows.map((row) => ({ id: row.flow, name: describeName(row, "flow"), figures: row }));
  const versionRows = versions.map((row) => ({
    id: `${row.flow} ${row.number}`,
    name: `${describeName(row, "flow")}, version ${row.number}`,
    figures: row,
  }));
  const callerRows = keys?.map((row) => ({
    id: row.key ?? row.caller ?? "unknown",
    name: row.key === null ? row.name : `Key ${describeName(row, "key")}`,
    figures: row,
  }));
  return (
    <>
      <GroupCard title="Flows" rows={flowRows} left={left.flows} />
      <GroupCard title="Versions" rows={versionRows} left={left.versions} />
      {callerRows ? <GroupCard title="Callers" rows={callerRows} left={left.keys} /> : null}
      <ModelCard models={models} />
    </>
  );
}

function describeName({ name, exists }: { name: string; exists: boolean }, kind: "flow" | "key"): string {
  if (exists) return name;
  if (kind === "key") return `${name || "that is gone"} (revoked)`;
  return name ? `${name} (deleted)` : "A flow that is gone";
}

function GroupCard({ title, rows, left }: { title: string; rows: GroupRow[]; left: number }) {
  const largest = Math.max(1, ...rows.map(({ figures }) => figures.runs));
  const columns: PlotColumn<GroupRow>[] = [
    { title: title.replace(/s$/, ""), read: ({ name }) => name },
    {
      title: "Runs",
      isNumber: true,
      read: ({ figures }) => figures.runs,
      show: ({ figures }) => formatNumber(figures.runs),
    },
    {
      title: "Share of the largest",
      read: ({ figures }) => Math.round((figures.runs / largest) * 100) / 100,
      show: ({ figures }) => <Share part={figures.runs / largest} />,
    },
    { title: "Failed", isNumber: true, read: ({ figures }) => figures.failed },
    {
      title: "Tokens",
      isNumber: true,
      read: ({ figures }) => sumTokens(figures),
      show: ({ figures }) => formatCompact(sumTokens(figures)),
    },
    {
      title: "Cost",
      isNumber: true,
      read: ({ figures }) => figures.cost,
      show: ({ figures }) => <Cost dollars={figures.cost} isPart={figures.unpriced.length > 0} />,
    },
    createDuration("First chunk p50", (row) => row.figures.first_chunk_p50_ms),
    createDuration("p95", (row) => row.figures.first_chunk_p95_ms),
  ];
  const note = left > 0 ? `${formatCount(left, "more row")} with fewer runs not shown.` : null;
  return (
    <PlotCard
      title={title}
      fileName={`usage-by-${title.toLowerCase().replaceAll(" ", "-")}`}
      columns={columns}
      rows={rows}
      getKey={({ id }) => id}
      note={note}
    />
  );
}

function createDuration(title: string, read: (row: GroupRow) => number | null): PlotColumn<GroupRow> {
  const show = (row: GroupRow) => {
    const ms = read(row);
    return ms === null ? "–" : formatDuration(ms);
  };
  return { title, isNumber: true, read, show };
}

function Share({ part }: { part: number }) {
  return (
    <svg className={styles.share} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect className={styles.rest} width={100} height={8} />
      <rect width={part * 100} height={8} />
    </svg>
  );
}

function Cost({ dollars, isPart }: { dollars: number; isPart: boolean }) {
  return isPart ? (
    <span title="Some of its tokens have no price and are left out.">{formatDollars(dollars)} *</span>
  ) : (
    <>{formatDollars(dollars)}</>
  );
}

const partTitles: Record<ModelUsage["unpriced"][number], string> = {
  input: "input",
  output: "output",
  cache_read: "cache reads",
  cache_write_5m: "cache writes",
  cache_write_1h: "cache writes for an hour",
  web_search: "web searches",
};

function ModelCard({ models }: { models: ModelUsage[] }) {
  const columns: PlotColumn<ModelUsage>[] = [
    { title: "Model", read: describeModel },
    createModelNumber("Answers", (row) => row.answers),
    createModelNumber("Input", (row) => row.tokens.input),
    createModelNumber("Output", (row) => row.tokens.output),
    createModelNumber("Cache reads", (row) => row.tokens.cache_read),
    createModelNumber("Cache writes", (row) => row.tokens.cache_write),
    { title: "Cost", isNumber: true, read: ({ cost }) => cost, show: describeModelCost },
    { title: "No price for", read: listUnpriced },
  ];
  return (
    <PlotCard
      title="Models"
      fileName="usage-by-models"
      columns={columns}
      rows={models}
      getKey={describeModel}
    />
  );
}

function createModelNumber(title: string, read: (row: ModelUsage) => number): PlotColumn<ModelUsage> {
  return { title, isNumber: true, read, show: (row) => formatCompact(read(row)) };
}

function describeModel({ model, is_simulated: simulated }: ModelUsage): string {
  const name = model || "Not known any more";
  return simulated ? `${name} (Simulator)` : name;
}

function describeModelCost({ cost, unpriced, is_simulated: simulated }: ModelUsage): string {
  if (simulated) return "none";
  return cost === 0 && unpriced.length > 0 ? "no price" : formatDollars(cost);
}

function listUnpriced({ unpriced }: ModelUsage): string {
  return unpriced.map((part) => partTitles[part]).join(", ");
}
