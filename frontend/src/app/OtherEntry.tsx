import { useEffect } from "react";

/** An address of another entry of the build: the browser loads it anew, since this app cannot draw it. */
export function OtherEntry() {
  useEffect(() => location.reload(), []);
  return null;
}
