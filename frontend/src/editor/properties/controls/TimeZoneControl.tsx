import { useState } from "react";
import { hasEveryWord } from "../../../ui/rank-title";
import { getOwnZone } from "../../../ui/wall-time";
import type { ControlProps } from "../form/control-props";
import { formatLiteral } from "../form/property-draft";
import { ComboBox, type Entry } from "../picker/ComboBox";
import { OpenListButton } from "../picker/OpenListButton";
import { getPlaceholder } from "./TextControl";

const MAX_SHOWN = 60;
const here = getOwnZone();
/** That of this browser and UTC first, then all by name. */
const zones = [...new Set([here, "UTC", ...Intl.supportedValuesOf("timeZone")])];

/** The name of a time zone: any text, with those that the browser knows as proposals. */
export function TimeZoneControl({ property, field, naming, readOnly }: ControlProps) {
  const [open, setOpen] = useState(false);
  const [typing, setTyping] = useState(false);
  const text = formatLiteral(field.draft.literal);
  const fitting = zones.filter((zone) => !typing || hasEveryWord(text, spell(zone)));
  const shown = fitting.slice(0, MAX_SHOWN);
  const choose = (zone: string | undefined) => {
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
      onChoose={(index) => choose(shown[index])}
      onEnter={() => choose(open ? findMeant(text, fitting) : undefined)}
      note={fitting.length > shown.length ? "Type a city or a region to find more." : null}
      end={
        readOnly ? null : (
          <OpenListButton
            label="Show the time zones"
            box={naming.id}
            onToggle={() => {
              setTyping(false);
              setOpen(!open);
            }}
          />
        )
      }
    />
  );
}

/** The zone that a typed text names, in any case, or that alone fits it: `berl` is Europe/Berlin. */
function findMeant(text: string, fitting: string[]): string | undefined {
  const named = fitting.find((zone) => zone.toLowerCase() === text.toLowerCase());
  return named ?? (fitting.length === 1 ? fitting[0] : undefined);
}

function createEntry(zone: string): Entry {
  return { key: zone, label: zone, end: zone === here ? "this browser" : undefined };
}

/** The name with words that can be typed: `America/New_York` is found by `new york`. */
function spell(zone: string): string {
  return `${zone} ${zone.replace(/[/_]/g, " ")}`;
}
