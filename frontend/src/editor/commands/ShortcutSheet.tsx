import { Dialog, DialogBody } from "../../ui/overlays/Dialog";
import { allCommands } from "./all-commands";
import type { EditorCommand } from "./command";
import styles from "./ShortcutSheet.module.css";
import { formatKeys } from "./shortcuts";

/** A command with many keys is shown with its first ones. */
const MAX_SHOWN_KEYS = 4;

const withKeys = allCommands.filter((command) => command.keys.length > 0);

/** All keys of the editor. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onOpenChange={onClose} title="Keys" size="wide">
      <DialogBody>
        <div className={styles.groups}>
          <section>
            <h3 className={styles.group}>Anywhere</h3>
            <dl className={styles.list}>
              <CommandLines commands={withKeys.filter(({ scope }) => scope === "editor")} />
            </dl>
          </section>
          <section>
            <h3 className={styles.group}>On the canvas</h3>
            <dl className={styles.list}>
              <KeyLine title="Next node in run order" keys={["Tab"]} />
              <CommandLines commands={withKeys.filter(({ scope }) => scope !== "editor")} />
            </dl>
          </section>
        </div>
      </DialogBody>
    </Dialog>
  );
}

function CommandLines({ commands }: { commands: readonly EditorCommand[] }) {
  return commands.map(({ id, title, keys }) => (
    <KeyLine key={id} title={title} keys={keys.slice(0, MAX_SHOWN_KEYS).map((each) => formatKeys(each))} />
  ));
}

function KeyLine({ title, keys }: { title: string; keys: string[] }) {
  return (
    <div className={styles.line}>
      <dt>{title}</dt>
      <dd>
        {keys.map((each) => (
          <kbd key={each}>{each}</kbd>
        ))}
      </dd>
    </div>
  );
}
