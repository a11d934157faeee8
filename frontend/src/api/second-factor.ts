import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { FactorRule, FactorSetup, RecoveryCodes } from "./types";

const PATH = "account/second-factor";

/** Begins to set up a second factor. The cache keeps nothing of it. */
export function useBeginSetup() {
  return useMutation({
    mutationFn: (current: string) => call<FactorSetup>("POST", `${PATH}/setup`, { body: { current } }),
    gcTime: 0,
  });
}

/** Turns the second factor on. Whoever shows the recovery codes calls `useReloadFactor` after them. */
export function useConfirmSetup() {
  return useMutation({
    mutationFn: (code: string) => call<RecoveryCodes>("POST", PATH, { body: { code } }),
    gcTime: 0,
  });
}

/** Makes new recovery codes. The older ones end. */
export function useRenewCodes() {
  return useMutation({
    mutationFn: (code: string) => call<RecoveryCodes>("POST", `${PATH}/recovery-codes`, { body: { code } }),
    gcTime: 0,
  });
}

export function useTurnFactorOff() {
  const reload = useReloadFactor();
  return useMutation({
    mutationFn: (code: string) => call<undefined>("POST", `${PATH}/removal`, { body: { code } }),
    gcTime: 0,
    onSuccess: reload,
  });
}

/** Returns what loads the account and the session again, after the second factor has changed. */
export function useReloadFactor(): () => Promise<unknown> {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: queryKeys.account }),
      client.invalidateQueries({ queryKey: queryKeys.me }),
    ]);
}

/** Ends the second factor of a member who has lost it. */
export function useResetFactor() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<undefined>("DELETE", `members/${id}/second-factor`),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.members }),
  });
}

/** Says whether the workspace requires a second factor. */
export function useRequireFactor() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (is_required: boolean) =>
      call<FactorRule>("PUT", "members/second-factor", { body: { is_required } }),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.me }),
  });
}
