import { useEffect, useState } from "react";

const SETTLE_MS = 300;

/** The value, once it has not changed for a moment: what is typed asks the server once. */
export function useSettledValue<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
