import { useVersions } from "../../api/versions";
import { Button } from "../../ui/controls/Button";
import { Select } from "../../ui/controls/Input";
import { type Side, useVersionControls } from "../version-controls";
import styles from "./ComparedSides.module.css";
import { toSide } from "./compared-sides";
import { getVersionTitle } from "./environments";

interface ComparedSidesProps {
  flow: string;
  /** The number of the version on the left side; that of the draft stands for the draft. */
  old: number;
  next: number;
  draft: number;
}

/** Chooses both sides of a comparison: any version of the list, or the draft. */
export function ComparedSides({ flow, old, next, draft }: ComparedSidesProps) {
  const { compare } = useVersionControls();
  const choices = useSideChoices(flow, draft, [old, next]);
  const [oldSide, nextSide] = [toSide(old, draft), toSide(next, draft)];
  return (
    <div className={styles.sides} role="group" aria-label="Compared versions">
      <Select
        aria-label="From"
        choices={choices}
        value={oldSide}
        onChange={(side) => void compare(side, nextSide)}
      />
      <Select
        aria-label="To"
        choices={choices}
        value={nextSide}
        onChange={(side) => void compare(oldSide, side)}
      />
      <Button icon="again" onClick={() => void compare(nextSide, oldSide)}>
        Swap
      </Button>
    </div>
  );
}

/** The draft, the loaded versions, and those that are compared, the newest first. */
function useSideChoices(flow: string, draft: number, compared: number[]): { value: Side; title: string }[] {
  const loaded = useVersions(flow).data?.pages.flatMap((page) => page.versions) ?? [];
  const titles = new Map(loaded.map((version) => [version.number, getVersionTitle(version)]));
  for (const number of compared) if (!titles.has(number)) titles.set(number, `Version ${number}`);
  const numbers = [...titles.keys()].filter((number) => number !== draft).sort((one, other) => other - one);
  return [
    { value: "draft", title: "The draft" },
    ...numbers.map((number) => ({ value: number, title: titles.get(number) ?? "" })),
  ];
}
