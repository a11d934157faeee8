import { Dialog, DialogBody } from "../../ui/overlays/Dialog";
import { bindings, isMac, type KeyGroup, keyWords } from "./keys";
import styles from "./KeyList.module.css";

const groups: KeyGroup[] = ["Anywhere", "On the canvas"];
/** Acts with many keys are named by the first of each kind. */
const SHOWN_KEYS = 4;

/** All keys of the editor. */
export function KeyList({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onOpenChange={onClose} title="Keys" size="wide">
      <DialogBody>
        <div className={styles.groups}>
          {groups.map((group) => (
            <section key={group}>
              <h3 className={styles.group}>{group}</h3>
              <dl className={styles.list}>
                {group === "On the canvas" ? <Line words="Next node in run order" keys={["Tab"]} /> : null}
                {bindings
                  .filter((binding) => binding.group === group)
                  .map(({ act, words, keys }) => (
                    <Line
                      key={act}
                      words={words}
                      keys={keys.slice(0, SHOWN_KEYS).map((each) => keyWords(each, isMac))}
                    />
                  ))}
              </dl>
            </section>
          ))}
        </div>
      </DialogBody>
    </Dialog>
  );
}

function Line({ words, keys }: { words: string; keys: string[] }) {
  return (
    <div className={styles.line}>
      <dt>{words}</dt>
      <dd>
        {keys.map((each) => (
          <kbd key={each}>{each}</kbd>
        ))}
      </dd>
    </div>
  );
}
