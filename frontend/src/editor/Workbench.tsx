import { lazy, type RefObject, Suspense, useRef, useState } from "react";
import type { Catalogue, Flow } from "../api/types";
import { addAfterSelected } from "./canvas/acts";
import { Canvas } from "./canvas/Canvas";
import { StreamingProof } from "./canvas/StreamingProof";
import { useCanvasView } from "./canvas/useCanvasView";
import { ZoomBar } from "./canvas/ZoomBar";
import { useActions } from "../graph/useActions";
import type { Autosave } from "../saving/autosave";
import { useGraph } from "../graph/useGraph";
import { ActionPicker } from "./palette/ActionPicker";
import { Palette } from "./palette/Palette";
import { PaletteRail } from "./palette/PaletteRail";
import type { RunSession } from "../run/session";
import { Announcer } from "./Announcer";
import { ConflictBanner } from "./ConflictBanner";
import { ConnectBar } from "./canvas/gestures/ConnectBar";
import { EmptyCanvas } from "./canvas/EmptyCanvas";
import { changeLayout, isPaletteOpen, useLayout } from "./layout";
import { PropertySide } from "./PropertySide";
import { RunSide } from "./RunSide";
import { TopBar } from "./TopBar";
import { useClipboard } from "./useClipboard";
import { useKeyboard } from "./commands/useKeyboard";
import styles from "./Workbench.module.css";

const CommandMenu = lazy(async () => ({ default: (await import("./commands/CommandMenu")).CommandMenu }));
const KeyList = lazy(async () => ({ default: (await import("./commands/KeyList")).KeyList }));

interface WorkbenchProps {
  flow: Pick<Flow, "id" | "name" | "description">;
  catalogue: Catalogue;
  autosave: Autosave;
  session: RunSession;
  onLoadTheirs: () => void;
}

type OpenOverlay = "menu" | "help" | null;

/** Top bar; palette, canvas over run panel, properties. */
export function Workbench({ flow, catalogue, autosave, session, onLoadTheirs }: WorkbenchProps) {
  const [over, setOver] = useState<OpenOverlay>(null);
  const search = useRef<HTMLInputElement>(null);
  const openMenu = (): void => setOver("menu");
  const openHelp = (): void => setOver("help");
  const close = (): void => setOver(null);
  useKeyboard({ autosave, search, onMenu: openMenu, onHelp: openHelp });
  useClipboard();
  return (
    <div className={styles.page}>
      <TopBar flow={flow} onSave={() => void autosave.flush()} onMenu={openMenu} onHelp={openHelp} />
      <div className={styles.bench}>
        <PaletteSide catalogue={catalogue} search={search} />
        <main className={styles.middle}>
          <Canvas>
            <StreamingProof />
            <ZoomBar />
            <EmptyCanvas catalogue={catalogue} />
            <ConnectBar />
            <ConflictBanner autosave={autosave} onLoadTheirs={onLoadTheirs} />
          </Canvas>
          <RunSide flow={flow.id} session={session} />
        </main>
        <PropertySide />
      </div>
      <ActionPicker catalogue={catalogue} />
      <Announcer />
      <Suspense>
        {over === "menu" ? <CommandMenu autosave={autosave} onClose={close} onHelp={openHelp} /> : null}
        {over === "help" ? <KeyList onClose={close} /> : null}
      </Suspense>
    </div>
  );
}

interface PaletteSideProps {
  catalogue: Catalogue;
  search: RefObject<HTMLInputElement | null>;
}

function PaletteSide({ catalogue, search }: PaletteSideProps) {
  const actions = useActions();
  const view = useCanvasView();
  const open = useLayout(isPaletteOpen);
  const readOnly = useGraph((graph) => graph.readOnly);
  if (readOnly) return null;
  if (!open) return <PaletteRail catalogue={catalogue} onUnfold={() => changeLayout({ palette: true })} />;
  return (
    <Palette
      catalogue={catalogue}
      search={search}
      onFold={() => changeLayout({ palette: false })}
      onAdd={(action) => {
        addAfterSelected(actions, action);
        view.reveal();
      }}
    />
  );
}
