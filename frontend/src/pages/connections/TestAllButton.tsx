import { useState } from "react";
import { useTestConnection } from "../../api/connections";
import type { Connection } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { formatCount } from "../../ui/format";
import { toastDone, toastFailed } from "../../ui/feedback/toasts";

/** Tests one after the other every connection that can be tested. */
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
    tell(testable.length, failed);
  };
  if (testable.length === 0) return null;
  return (
    <Button size="l" icon="again" busy={busy} onClick={() => void run()}>
      {busy ? "Testing" : "Test all"}
    </Button>
  );
}

function tell(tested: number, failed: string[]): void {
  if (failed.length === 0) {
    toastDone(tested === 1 ? "The connection works" : `All ${tested} connections work`);
  } else {
    toastFailed(`${formatCount(failed.length, "connection")} of ${tested} failed`, {
      text: failed.join(", "),
    });
  }
}
