import type { DayUsage, WorkspaceUsage } from "../../api/types";
import { formatCount, formatDuration, formatNumber } from "../../ui/format";
import { DayPlot, type Series } from "./DayPlot";
import { formatCompact, formatDollars, sumTokens } from "./format-usage";
import { PlotCard, type PlotColumn } from "./PlotCard";

const day: PlotColumn<DayUsage> = { title: "Day", read: (row) => row.day };

function createNumber(title: string, read: (row: DayUsage) => number | null, format = formatNumber) {
  const show = (row: DayUsage) => {
    const value = read(row);
    return value === null ? "–" : format(value);
  };
  return { title, read, show, isNumber: true } satisfies PlotColumn<DayUsage>;
}

/** The plots by day: runs, tokens, cost, and the time to the first chunk. */
export function DayPlots({ usage }: { usage: WorkspaceUsage }) {
  return (
    <>
      <RunsPlot usage={usage} />
      <CostPlot usage={usage} />
      <TokensPlot usage={usage} />
      <FirstChunkPlot usage={usage} />
    </>
  );
}

interface PlotProps {
  usage: WorkspaceUsage;
}

function RunsPlot({ usage: { days, total } }: PlotProps) {
  const series: Series[] = [
    { title: "Completed", look: "two", values: days.map((row) => row.runs - row.failed - row.cancelled) },
    { title: "Cancelled", look: "four", values: days.map((row) => row.cancelled) },
    { title: "Failed", look: "failed", values: days.map((row) => row.failed) },
  ];
  const columns = [
    day,
    createNumber("Runs", (row) => row.runs),
    createNumber("Failed", (row) => row.failed),
    createNumber("Cancelled", (row) => row.cancelled),
  ];
  return (
    <DayCard
      title="Runs"
      figure={`${formatCount(total.runs, "run")}, ${formatNumber(total.failed)} failed`}
      kind="bars"
      {...{ days, series, columns }}
      format={formatCompact}
    />
  );
}

function TokensPlot({ usage: { days, total } }: PlotProps) {
  const series: Series[] = [
    { title: "Output", look: "one", values: days.map(({ tokens }) => tokens.output) },
    { title: "Input", look: "two", values: days.map(({ tokens }) => tokens.input) },
    { title: "Written to caches", look: "three", values: days.map(({ tokens }) => tokens.cache_write) },
    { title: "Read from caches", look: "four", values: days.map(({ tokens }) => tokens.cache_read) },
  ];
  const columns = [
    day,
    createNumber("Input", ({ tokens }) => tokens.input),
    createNumber("Output", ({ tokens }) => tokens.output),
    createNumber("Read from caches", ({ tokens }) => tokens.cache_read),
    createNumber("Written to caches", ({ tokens }) => tokens.cache_write),
  ];
  return (
    <DayCard
      title="Tokens"
      figure={formatCompact(sumTokens(total))}
      kind="bars"
      {...{ days, series, columns }}
      format={formatCompact}
    />
  );
}

function CostPlot({ usage: { days, total } }: PlotProps) {
  const series: Series[] = [{ title: "Cost", look: "one", values: days.map(({ cost }) => cost) }];
  const columns = [day, createNumber("Cost in US dollars", ({ cost }) => cost, formatDollars)];
  return (
    <DayCard
      title="Cost"
      figure={formatDollars(total.cost)}
      kind="bars"
      {...{ days, series, columns }}
      format={formatDollars}
    />
  );
}

function FirstChunkPlot({ usage: { days, total } }: PlotProps) {
  const series: Series[] = [
    { title: "Half of the runs (p50)", look: "one", values: days.map((row) => row.first_chunk_p50_ms) },
    { title: "19 of 20 (p95)", look: "three", values: days.map((row) => row.first_chunk_p95_ms) },
  ];
  const columns = [
    day,
    createNumber("p50 in ms", (row) => row.first_chunk_p50_ms),
    createNumber("p95 in ms", (row) => row.first_chunk_p95_ms),
  ];
  const { first_chunk_p50_ms: half, first_chunk_p95_ms: most } = total;
  return (
    <DayCard
      title="Time to first chunk"
      figure={half === null || most === null ? "–" : `${formatDuration(half)}, p95 ${formatDuration(most)}`}
      kind="lines"
      {...{ days, series, columns }}
      format={formatDuration}
    />
  );
}

interface DayCardProps {
  title: string;
  figure: string;
  kind: "bars" | "lines";
  days: DayUsage[];
  series: Series[];
  columns: PlotColumn<DayUsage>[];
  format: (value: number) => string;
}

function DayCard({ title, figure, kind, days, series, columns, format }: DayCardProps) {
  const fileName = `${title.toLowerCase().replaceAll(" ", "-")}-by-day`;
  return (
    <PlotCard {...{ title, figure, fileName, columns }} legend={series} rows={days} getKey={(row) => row.day}>
      <DayPlot label={title} days={days.map((row) => row.day)} {...{ kind, series, format }} />
    </PlotCard>
  );
}
