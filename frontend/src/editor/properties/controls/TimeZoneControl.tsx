import { useState } from "react";
import { hasEveryWord } from "../../../ui/rank-title";
import type { ControlProps } from "../form/control-props";
import { formatLiteral } from "../form/property-draft";
import { ComboBox, type Entry } from "../picker/ComboBox";
import { getPlaceholder } from "./TextControl";

const MAX_SHOWN = 60;
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** That of this browser and UTC first, then all by name. */
const zones = [...new Set([here, "UTC", ...Intl.supportedValuesOf("timeZone")])];

/** The name of a time zone: any text, with those that the browser knows as proposals. */
export function TimeZoneControl({ property, field, naming, readOnly }: ControlProps) {
  const [open, setOpen] = useState(false);
  const [typing, setTyping] = useState(false);
  const text = formatLiteral(field.draft.literal);
  const fitting = zones.filter((zone) => !typing || hasEveryWord(text, spell(zone)));
  const shown = fitting.slice(0, MAX_SHOWN);
  const choose = (index: number) => {
    const zone = shown[index];
    if (zone) field.setLiteral(zone);
    setOpen(false);
  };
  return (
    <ComboBox
      id={naming.id}
      labelledBy={naming.labelledBy}
      describedBy={naming.describedBy}
      invalid={naming.isInvalid}
      required={property.required}
      readOnly={readOnly}
      placeholder={getPlaceholder(property)}
      text={text}
      onType={(typed) => {
        setTyping(true);
        setOpen(true);
        field.setLiteral(typed === "" ? undefined : typed);
      }}
      entries={shown.map(createEntry)}
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (next) setTyping(false);
      }}
      onChoose={choose}
      onEnter={() => setOpen(false)}
      note={fitting.length > shown.length ? "Type a city or a region to find more." : null}
    />
  );
}

function createEntry(zone: string): Entry {
  return { key: zone, label: zone, end: zone === here ? "this browser" : undefined };
}

/** The name with words that can be typed: `America/New_York` is found by `new york`. */
function spell(zone: string): string {
  return `${zone} ${zone.replace(/[/_]/g, " ")}`;
}
