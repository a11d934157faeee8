import { useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import { getDraft } from "../../graph/store";
import { useGraph } from "../../graph/useGraph";
import { showFailedToast } from "../../ui/feedback/toasts";
import { changeLayout } from "../layout";
import { useVersionControls } from "../version-controls";
import { readSide, toSide } from "./compared-sides";

/** Keeps both sides of a comparison in the address of the page, and opens the one that the address names. */
export function ComparisonAddress() {
  const [address, setAddress] = useSearchParams();
  const [isRead, setIsRead] = useState(false);
  const { compare } = useVersionControls();
  const draft = useGraph((state) => getDraft(state).revision);
  const old = useGraph(({ viewed }) => viewed?.comparedWith ?? null);
  const next = useGraph(({ viewed }) => viewed?.number ?? null);
  useEffect(() => {
    const open = async (): Promise<void> => {
      if (!address.has("from") && !address.has("to")) return;
      const [from, to] = [readSide(address.get("from")), readSide(address.get("to") ?? "draft")];
      changeLayout({ versions: true });
      if (from !== null && to !== null) await compare(from, to);
      else
        showFailedToast("Not compared", { text: "The address names no versions. Choose two in the list." });
    };
    void open().finally(() => setIsRead(true));
    // Only what the page was opened with: from then on the address follows what is drawn.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const [from, to] =
    old === null || next === null ? [null, null] : [String(toSide(old, draft)), String(toSide(next, draft))];
  useEffect(() => {
    if (!isRead || (address.get("from") === from && address.get("to") === to)) return;
    const after = new URLSearchParams(address);
    for (const [name, value] of Object.entries({ from, to })) {
      if (value === null) after.delete(name);
      else after.set(name, value);
    }
    setAddress(after, { replace: true });
  }, [isRead, from, to, address, setAddress]);
  return null;
}
