/** How the editor is laid out, kept in this browser. */
import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";
import type { RunTab } from "../run-panel/RunPanel";

interface Layout {
  /** Null: as wide as the window allows. */
  palette: boolean | null;
  properties: boolean;
  runPanel: boolean;
  panelWidth: number;
  runHeight: number;
  tab: RunTab;
}

/** Below this the palette starts folded. */
const WIDE = 1280;

export const PANEL = { least: 320, most: 480 };
export const RUN_PANEL = { least: 120, most: 0.6 };

const asShipped: Layout = {
  palette: null,
  properties: true,
  runPanel: true,
  panelWidth: PANEL.least,
  runHeight: 236,
  tab: "client",
};

export const useLayout = create<Layout>()(
  persist(() => asShipped, {
    name: "millrace.editor",
    storage: createJSONStorage(() => localStorage),
    partialize: ({ palette, properties, runPanel, panelWidth, runHeight }) => ({
      palette,
      properties,
      runPanel,
      panelWidth,
      runHeight,
    }),
  }),
);

export function changeLayout(change: Partial<Layout>): void {
  useLayout.setState(change);
}

export function paletteIsOpen({ palette }: Layout): boolean {
  return palette ?? innerWidth >= WIDE;
}

export function openTab(tab: RunTab): void {
  changeLayout({ tab, runPanel: true });
}
