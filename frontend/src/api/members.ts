import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { Invitation, Member, NewInvitation, Role } from "./types";

export function useMembers() {
  return useQuery({
    queryKey: queryKeys.members,
    queryFn: async ({ signal }) => (await call<{ members: Member[] }>("GET", "members", { signal })).members,
  });
}

export function useInvitations() {
  return useQuery({
    queryKey: queryKeys.invitations,
    queryFn: async ({ signal }) =>
      (await call<{ invitations: Invitation[] }>("GET", "invitations", { signal })).invitations,
  });
}

/** Creates an invitation. Only this answer holds its link; the cache keeps none of it. */
export function useInvite() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { role: Role; address: string }) =>
      call<NewInvitation>("POST", "invitations", { body }),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.invitations }),
  });
}

export function useRevokeInvitation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<undefined>("DELETE", `invitations/${id}`),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.invitations }),
  });
}

/** Changes a role, which may be the person's own. */
export function useChangeRole() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, role }: { id: string; role: Role }) =>
      call<Member>("PATCH", `members/${id}`, { body: { role } }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.me }),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.members }),
  });
}

export function useRemoveMember() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<undefined>("DELETE", `members/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.me }),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.members }),
  });
}

/** Makes a link by which a member sets a new password. The cache keeps none of it. */
export function useMakePasswordLink() {
  return useMutation({
    mutationFn: (id: string) => call<{ url: string }>("POST", `members/${id}/password-link`),
    gcTime: 0,
  });
}
