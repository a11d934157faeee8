/** Why nothing can be sent while a run goes on; null when none does. */
export function getSendReason(busy: boolean): string | null {
  return busy ? "A run goes on. Wait for its end, or stop it." : null;
}
