import { useEffect, useRef, useState } from "react";
import { startTrial, type Trial, type TrialCall } from "./trial";

/** One call at a time, which is stopped when the component goes. Null before the first one. */
export function useTrial() {
  const [trial, setTrial] = useState<Trial | null>(null);
  const stop = useRef<() => void>(() => undefined);
  useEffect(() => () => stop.current(), []);
  const start = (call: TrialCall): void => {
    stop.current();
    stop.current = startTrial(call, setTrial);
  };
  return { trial, start, stop: () => stop.current() };
}
