import { lazy, type RefObject, Suspense, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { loadPart } from "../api/load-part";
import type { Catalogue, FlowHead } from "../api/types";
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
import { ChatPageSide } from "./chat-page/ChatPageSide";
import { CardMenu } from "./commands/CardMenu";
import { CommandMenu } from "./commands/CommandMenu";
import type { EditorTools } from "./commands/command";
import { EditorToolsContext } from "./commands/useEditorTools";
import { useKeyboard } from "./commands/useKeyboard";
import { ConflictBanner } from "./ConflictBanner";
import { changeLayout, isPaletteOpen, keepPaletteFitting, useLayout } from "./layout";
import { OlderRunBar } from "./OlderRunBar";
import { ActionPicker } from "./palette/ActionPicker";
import { Palette } from "./palette/Palette";
import { PaletteRail } from "./palette/PaletteRail";
import { PropertySide } from "./PropertySide";
import { useRunControls } from "./run-controls";
import { RunSide } from "./RunSide";
import { TopBar } from "./TopBar";
import { useClipboard } from "./useClipboard";
import { useToastPlace } from "./useToastPlace";
import { PublishDialog } from "./versions/PublishDialog";
import { ComparisonAddress } from "./versions/ComparisonAddress";
import { VersionBar } from "./versions/VersionBar";
import { VersionsSide } from "./versions/VersionsSide";
import styles from "./Workbench.module.css";

const ShortcutSheet = lazy(async () => ({
  default: (await loadPart(() => import("./commands/ShortcutSheet"))).ShortcutSheet,
}));

interface WorkbenchProps {
  flow: FlowHead;
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
  const middle = useRef<HTMLElement>(null);
  const close = (): void => setOverlay(null);
  const tools = useTools(autosave, search, setOverlay);
  useKeyboard(tools);
  useClipboard();
  useToastPlace(middle);
  useEffect(keepPaletteFitting, []);
  return (
    <EditorToolsContext value={tools}>
      <div className={styles.page}>
        <TopBar flow={flow} onSave={() => void autosave.flush()} />
        <div className={styles.bench}>
          <PaletteSide catalogue={catalogue} search={search} />
          <main ref={middle} className={styles.middle}>
            <Canvas>
              <StreamingProof />
              <ZoomBar />
              <EmptyCanvas catalogue={catalogue} />
              <ConnectBar />
            </Canvas>
            <ConflictBanner autosave={autosave} onLoadTheirs={onLoadTheirs} />
            <VersionBar />
            <ComparisonAddress />
            <OlderRunBar flow={flow.id} session={session} />
            <RunSide flow={flow.id} session={session} />
          </main>
          <RightSide flow={flow.id} />
        </div>
        <ActionPicker catalogue={catalogue} />
        <CardMenu />
        <PublishDialog flow={flow.id} autosave={autosave} />
        <ChatPageSide flow={flow} />
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
      // The field is there at once, so that it takes the letters which are typed next.
      flushSync(() => changeLayout({ palette: true }));
      search.current?.select();
    },
    openCommandMenu: () => openOverlay("commands"),
    openShortcutSheet: () => openOverlay("shortcuts"),
  };
}

/** The versions while they are open, else the properties. */
function RightSide({ flow }: { flow: string }) {
  const versions = useLayout((layout) => layout.versions);
  return versions ? <VersionsSide flow={flow} /> : <PropertySide />;
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
