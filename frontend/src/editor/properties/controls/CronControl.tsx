import { useState } from "react";
import type { ControlProps } from "../form/control-props";
import { formatLiteral } from "../form/property-draft";
import { ComboBox } from "../picker/ComboBox";
import { OpenListButton } from "../picker/OpenListButton";
import { SchedulePreview } from "./SchedulePreview";
import { getPlaceholder } from "./TextControl";

/** What is proposed: an expression, and when it starts a flow. */
const proposals = [
  ["*/15 * * * *", "each quarter of an hour"],
  ["0 * * * *", "each hour"],
  ["0 9 * * *", "each day at 09:00"],
  ["0 9 * * MON-FRI", "on weekdays at 09:00"],
  ["0 9 * * MON", "each Monday at 09:00"],
  ["0 9 1 * *", "on the first of each month at 09:00"],
  ["0 17 L * *", "on the last of each month at 17:00"],
] as const;

/** A cron expression: any text, with common ones as proposals; below it in words, and the next times. */
export function CronControl({ action, property, field, naming, readOnly, siblings }: ControlProps) {
  const [open, setOpen] = useState(false);
  const text = formatLiteral(field.draft.literal);
  const choose = (index: number) => {
    const proposal = proposals[index];
    if (proposal) field.setLiteral(proposal[0]);
    setOpen(false);
  };
  const zone = action.properties.find(({ type }) => type === "time_zone");
  const chosenZone = zone ? (siblings[zone.name] ?? zone.default) : null;
  return (
    <div>
      <ComboBox
        code
        id={naming.id}
        labelledBy={naming.labelledBy}
        describedBy={naming.describedBy}
        invalid={naming.isInvalid}
        required={property.required}
        readOnly={readOnly}
        placeholder={getPlaceholder(property)}
        text={text}
        onType={(typed) => field.setLiteral(typed === "" ? undefined : typed)}
        entries={proposals.map(([expression, words]) => ({ key: expression, label: words, end: expression }))}
        open={open}
        onOpenChange={setOpen}
        onChoose={choose}
        onEnter={() => setOpen(false)}
        end={
          readOnly ? null : (
            <OpenListButton label="Show common times" box={naming.id} onToggle={() => setOpen(!open)} />
          )
        }
      />
      <SchedulePreview
        readOnly={readOnly}
        expression={text || formatLiteral(property.default)}
        zone={typeof chosenZone === "string" && chosenZone !== "" ? chosenZone : "UTC"}
        isFaultTold={naming.isInvalid}
      />
    </div>
  );
}
