/** The layout of the editor, which this browser remembers. */
import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";
import type { RunTab } from "../run-panel/RunPanel";

interface Layout {
  /** Null: open when the window is wide enough. */
  palette: boolean | null;
  properties: boolean;
  runPanel: boolean;
  panelWidth: number;
  runHeight: number;
  tab: RunTab;
}

/** Below this width the palette starts folded. */
const WIDE_WINDOW_PX = 1280;

export const PANEL_WIDTH_PX = { min: 320, max: 480 };
export const RUN_PANEL_HEIGHT = { minPx: 120, maxShare: 0.6 };

const defaultLayout: Layout = {
  palette: null,
  properties: true,
  runPanel: true,
  panelWidth: PANEL_WIDTH_PX.min,
  runHeight: 236,
  tab: "client",
};

export const useLayout = create<Layout>()(
  persist(() => defaultLayout, {
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

export function isPaletteOpen({ palette }: Layout): boolean {
  return palette ?? innerWidth >= WIDE_WINDOW_PX;
}

export function openRunTab(tab: RunTab): void {
  changeLayout({ tab, runPanel: true });
}
