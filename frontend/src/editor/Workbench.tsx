import { lazy, type RefObject, Suspense, useRef, useState } from "react";
import type { Catalogue, Flow } from "../api/types";
import { useActions } from "../graph/useActions";
import { useGraph } from "../graph/useGraph";
import type { RunSession } from "../run/session";
import type { Autosave } from "../saving/autosave";
import { Announcer } from "./Announcer";
import { Canvas } from "./canvas/Canvas";
import { EmptyCanvas } from "./canvas/EmptyCanvas";
import { ConnectBar } from "./canvas/gestures/ConnectBar";
import { focusSelected } from "./canvas/gestures/focus";
import { addAfterSelected, fitsAfterSelected } from "./canvas/placement/add-action";
import { StreamingProof } from "./canvas/StreamingProof";
import { useCanvasView } from "./canvas/useCanvasView";
import { ZoomBar } from "./canvas/ZoomBar";
import { CardMenu } from "./commands/CardMenu";
import { CommandMenu } from "./commands/CommandMenu";
import type { EditorTools } from "./commands/command";
import { EditorToolsContext } from "./commands/useEditorTools";
import { useKeyboard } from "./commands/useKeyboard";
import { ConflictBanner } from "./ConflictBanner";
import { changeLayout, isPaletteOpen, useLayout } from "./layout";
import { ActionPicker } from "./palette/ActionPicker";
import { Palette } from "./palette/Palette";
import { PaletteRail } from "./palette/PaletteRail";
import { PropertySide } from "./PropertySide";
import { useRunControls } from "./run-controls";
import { RunSide } from "./RunSide";
import { TopBar } from "./TopBar";
import { useClipboard } from "./useClipboard";
import styles from "./Workbench.module.css";

const ShortcutSheet = lazy(async () => ({
  default: (await import("./commands/ShortcutSheet")).ShortcutSheet,
}));

interface WorkbenchProps {
  flow: Pick<Flow, "id" | "name" | "description">;
  catalogue: Catalogue;
  autosave: Autosave;
  session: RunSession;
  onLoadTheirs: () => Promise<void>;
}

type OpenOverlay = "commands" | "shortcuts" | null;

/** The top bar; under it the palette, the canvas over the run panel, and the properties. */
export function Workbench({ flow, catalogue, autosave, session, onLoadTheirs }: WorkbenchProps) {
  const [overlay, setOverlay] = useState<OpenOverlay>(null);
  const search = useRef<HTMLInputElement>(null);
  const close = (): void => setOverlay(null);
  const tools = useTools(autosave, search, setOverlay);
  useKeyboard(tools);
  useClipboard();
  return (
    <EditorToolsContext value={tools}>
      <div className={styles.page}>
        <TopBar flow={flow} onSave={() => void autosave.flush()} />
        <div className={styles.bench}>
          <PaletteSide catalogue={catalogue} search={search} />
          <main className={styles.middle}>
            <Canvas>
              <StreamingProof />
              <ZoomBar />
              <EmptyCanvas catalogue={catalogue} />
              <ConnectBar />
            </Canvas>
            <ConflictBanner autosave={autosave} onLoadTheirs={onLoadTheirs} />
            <RunSide flow={flow.id} session={session} />
          </main>
          <PropertySide />
        </div>
        <ActionPicker catalogue={catalogue} />
        <CardMenu />
        <Announcer />
        {overlay === "commands" ? <CommandMenu onClose={close} /> : null}
        <Suspense>{overlay === "shortcuts" ? <ShortcutSheet onClose={close} /> : null}</Suspense>
      </div>
    </EditorToolsContext>
  );
}

function useTools(
  autosave: Autosave,
  search: RefObject<HTMLInputElement | null>,
  openOverlay: (overlay: OpenOverlay) => void,
): EditorTools {
  const actions = useActions();
  const view = useCanvasView();
  const runControls = useRunControls();
  return {
    actions,
    autosave,
    runControls,
    view,
    focusPaletteSearch: () => {
      changeLayout({ palette: true });
      // The field is there after the palette has unfolded.
      requestAnimationFrame(() => search.current?.select());
    },
    openCommandMenu: () => openOverlay("commands"),
    openShortcutSheet: () => openOverlay("shortcuts"),
  };
}

interface PaletteSideProps {
  catalogue: Catalogue;
  search: RefObject<HTMLInputElement | null>;
}

function PaletteSide({ catalogue, search }: PaletteSideProps) {
  const actions = useActions();
  const isOpen = useLayout(isPaletteOpen);
  const readOnly = useGraph((graph) => graph.readOnly);
  if (readOnly) return null;
  if (!isOpen) return <PaletteRail catalogue={catalogue} onUnfold={() => changeLayout({ palette: true })} />;
  return (
    <Palette
      catalogue={catalogue}
      search={search}
      fits={(action) => fitsAfterSelected(actions, action)}
      onFold={() => changeLayout({ palette: false })}
      onAdd={(action) => {
        addAfterSelected(actions, action);
        focusSelected();
      }}
    />
  );
}
