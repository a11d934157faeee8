import { useState } from "react";
import { usePrices, useRemovePrice } from "../../api/usage";
import type { Price, PriceList, WorkspaceUsage } from "../../api/types";
import { Button, IconButton } from "../../ui/controls/Button";
import { Notice } from "../../ui/feedback/Notice";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import { Dialog, DialogBody, DialogFooter } from "../../ui/overlays/Dialog";
import { useIsAdmin } from "../account/session";
import { formatUtcDate } from "./format-usage";
import { PlotCard, type PlotColumn } from "./PlotCard";
import { PriceDialog } from "./PriceDialog";
import styles from "./UsagePage.module.css";

interface PricesDialogProps {
  usage: WorkspaceUsage | undefined;
  onClose: () => void;
}

/** The prices that costs are computed with. An admin sets those of the workspace. */
export function PricesDialog({ usage, onClose }: PricesDialogProps) {
  const isAdmin = useIsAdmin();
  const [isSetting, setIsSetting] = useState(false);
  const { data, error } = usePrices();
  if (isSetting) return <PriceDialog models={listModels(usage, data)} onClose={() => setIsSetting(false)} />;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="wide"
      title="Prices"
      footer={
        <DialogFooter>
          {isAdmin ? (
            <Button size="l" icon="add" onClick={() => setIsSetting(true)}>
              Set a price
            </Button>
          ) : null}
          <Button size="l" kind="solid" onClick={onClose}>
            Done
          </Button>
        </DialogFooter>
      }
    >
      <DialogBody>
        {error ? <Notice kind="failed">{error.message}</Notice> : null}
        {data ? (
          <PriceTable list={data} isAdmin={isAdmin} />
        ) : (
          <SkeletonRows rows={3} label="Loading prices" />
        )}
      </DialogBody>
    </Dialog>
  );
}

function PriceTable({ list, isAdmin }: { list: PriceList; isAdmin: boolean }) {
  const remove = useRemovePrice();
  const end: PlotColumn<Price> = {
    title: "Remove",
    holdsButtons: true,
    read: () => null,
    show: ({ id, model }) =>
      id ? (
        <IconButton icon="trash" label={`Remove the price of ${model}`} onClick={() => remove.mutate(id)} />
      ) : null,
  };
  return (
    <>
      <p className={styles.intro}>
        US dollars for a million tokens, and for a thousand web searches. “No price” is left out of every
        cost. Prices without a day are those that Millrace knows, of {formatUtcDate(list.known_as_of)}; the
        workspace’s own ones win from their day on.
      </p>
      {remove.error ? <Notice kind="failed">{remove.error.message}</Notice> : null}
      <PlotCard
        title="Prices by model"
        fileName="prices"
        columns={isAdmin ? [...columns, end] : columns}
        rows={list.prices}
        getKey={({ model, prompts, since }) => `${model} ${prompts} ${since}`}
      />
    </>
  );
}

const columns: PlotColumn<Price>[] = [
  { title: "Model", read: describeModel },
  { title: "From", read: ({ since }) => since, show: ({ since }) => (since ? formatUtcDate(since) : "") },
  createPrice("Input", ({ input }) => input),
  createPrice("Output", ({ output }) => output),
  createPrice("Cache read", (row) => row.cache_read),
  createPrice("Cache write", (row) => row.cache_write_5m),
  createPrice("For an hour", (row) => row.cache_write_1h),
  createPrice("Searches", (row) => row.web_search),
];

function createPrice(title: string, read: (row: Price) => number | null): PlotColumn<Price> {
  return { title, isNumber: true, read, show: (row) => read(row) ?? "No price" };
}

function describeModel({ model, prompts }: Price): string {
  return prompts === "long" ? `${model}, prompts over 100,000 tokens` : model;
}

/** The models that a price can be set for: those that were used first, then those that have one. */
function listModels(usage: WorkspaceUsage | undefined, prices: PriceList | undefined): string[] {
  const used = usage?.models.map(({ model }) => model) ?? [];
  return [...new Set([...used, ...(prices?.prices.map(({ model }) => model) ?? [])])].filter(Boolean);
}
