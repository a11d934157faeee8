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
  /** Whether the versions are shown, in the place of the properties. */
  versions: boolean;
  /** The version that the open dialog publishes; null while none is open. */
  publishing: number | "draft" | null;
  /** Whether the dialog of the chat page is open. */
  chatPage: boolean;
}

/** Below this width the palette starts folded. */
const WIDE_WINDOW_PX = 1280;

/** Below this width an open palette would leave too little of the canvas. */
const NARROW_WINDOW_PX = 768;

export const PANEL_WIDTH_PX = { min: 320, max: 480 };
export const RUN_PANEL_HEIGHT = { minPx: 120, maxShare: 0.6 };

const defaultLayout: Layout = {
  palette: null,
  properties: true,
  runPanel: true,
  panelWidth: PANEL_WIDTH_PX.min,
  runHeight: 236,
  tab: "client",
  versions: false,
  publishing: null,
  chatPage: false,
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

/**
 * Fits the palette to the width of the window. One that a person has left open is folded in a narrow window, so that the
 * canvas keeps its room; its button unfolds it again.
 */
function fitPalette(): void {
  const { palette } = useLayout.getState();
  changeLayout({ palette: palette && innerWidth < NARROW_WINDOW_PX ? null : palette });
}

/** Fits the palette now and whenever the window becomes wider or narrower; returns what ends that. */
export function keepPaletteFitting(): () => void {
  fitPalette();
  const widths = [WIDE_WINDOW_PX, NARROW_WINDOW_PX].map((px) => matchMedia(`(max-width: ${px - 1}px)`));
  for (const width of widths) width.addEventListener("change", fitPalette);
  return () => {
    for (const width of widths) width.removeEventListener("change", fitPalette);
  };
}

export function openRunTab(tab: RunTab): void {
  changeLayout({ tab, runPanel: true });
}
