import { useMemo } from "react";
import { getShownRecord, isRunning } from "../run/store";
import { useShownRun } from "../run/useShownRun";
import { Answer, FailureNotice } from "./Answer";

const refusalTitles = { start: "Not run.", stop: "Not stopped.", show: "Not shown." };

/** What the client receives of the shown run, while it receives it; or why there is no run. */
export function LiveAnswer() {
  const state = useShownRun((shown) => shown.state);
  const deletedAfterDays = useShownRun((shown) => shown.deletedAfterDays);
  const refusal = useShownRun((shown) => shown.refusal);
  const refused = useShownRun((shown) => refusalTitles[shown.refusedRequest]);
  // The log has the values; it grows in place, and the state changes with it.
  const values = useMemo(() => (isOfValues(state) ? getShownRecord().values : []), [state]);
  const answer = <Answer record={{ state, values, deletedAfterDays }} isActive={isRunning(state)} />;
  if (!refusal) return answer;
  return (
    <>
      {answer}
      <FailureNotice title={refused} message={refusal.message} hint={refusal.hint ?? null} />
    </>
  );
}

function isOfValues({ text, items }: { text: string; items: number }): boolean {
  return text === "" && items > 0;
}
