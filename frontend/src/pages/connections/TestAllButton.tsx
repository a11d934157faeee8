import { useState } from "react";
import { useTestConnection } from "../../api/connections";
import type { Connection } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { formatCount } from "../../ui/format";
import { showDoneToast, showFailedToast } from "../../ui/feedback/toasts";

/** Tests every connection that can be tested, one after the other. */
export function TestAllButton({ connections }: { connections: Connection[] }) {
  const test = useTestConnection();
  const [busy, setBusy] = useState(false);
  const testable = connections.filter((connection) => connection.usable);
  const run = async () => {
    setBusy(true);
    const failed: string[] = [];
    for (const { id, name } of testable) {
      const works = await test.mutateAsync(id).then(
        (result) => result.ok,
        () => false,
      );
      if (!works) failed.push(name);
    }
    setBusy(false);
    showOutcome(testable.length, failed);
  };
  if (testable.length === 0) return null;
  return (
    <Button size="l" icon="again" busy={busy} onClick={() => void run()}>
      {busy ? "Testing" : "Test all"}
    </Button>
  );
}

function showOutcome(tested: number, failed: string[]): void {
  if (failed.length === 0) {
    showDoneToast(tested === 1 ? "The connection works" : `All ${tested} connections work`);
  } else {
    showFailedToast(`${formatCount(failed.length, "connection")} of ${tested} failed`, {
      text: failed.join(", "),
    });
  }
}
