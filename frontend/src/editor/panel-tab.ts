/** Which tab the property panel shows. It is remembered until the browser's tab is closed. */
import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";
import type { PanelTab } from "./properties/form/PropertyPanel";

interface PanelTabState {
  tab: PanelTab;
  /** The pass of a node to show first, when somebody has asked for it. */
  wantedPass: { node: string; number: number } | null;
}

export const usePanelTab = create<PanelTabState>()(
  persist((): PanelTabState => ({ tab: "properties", wantedPass: null }), {
    name: "millrace.panel-tab",
    storage: createJSONStorage(() => sessionStorage),
    partialize: ({ tab }) => ({ tab }),
  }),
);

export function showPanelTab(tab: PanelTab): void {
  usePanelTab.setState({ tab });
}

/** Shows what the node received; of a node that ran several times, in the pass of this number. */
export function showLastRun(node: string, number: number | null): void {
  usePanelTab.setState({ tab: "last-run", wantedPass: number === null ? null : { node, number } });
}
