import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { Queue, Schedule, SchedulePreview } from "./types";

const QUEUE_INTERVAL_MS = 3_000;
const SCHEDULES_INTERVAL_MS = 15_000;

/** What waits, goes on and has failed; kept up to date while the page is looked at. */
export function useQueue() {
  return useQuery({
    queryKey: queryKeys.queue,
    queryFn: ({ signal }) => call<Queue>("GET", "queue", { signal }),
    refetchInterval: QUEUE_INTERVAL_MS,
    staleTime: 0,
  });
}

/** The schedules of the workspace, or of one flow. */
export function useSchedules(flow: string | null) {
  return useQuery({
    queryKey: queryKeys.schedules(flow),
    queryFn: async ({ signal }) =>
      (
        await call<{ schedules: Schedule[] }>("GET", "schedules", {
          query: { flow: flow ?? undefined },
          signal,
        })
      ).schedules,
    refetchInterval: SCHEDULES_INTERVAL_MS,
    staleTime: 0,
  });
}

/** A cron expression in words, and its next times. While another one is loaded, the one before keeps its place. */
export function useSchedulePreview(expression: string, zone: string) {
  return useQuery({
    queryKey: queryKeys.schedulePreview(expression, zone),
    queryFn: ({ signal }) =>
      call<SchedulePreview>("GET", "schedules/preview", { query: { expression, time_zone: zone }, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export function useSwitchSchedule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, isOn }: { id: string; isOn: boolean }) =>
      call<Schedule>("PATCH", `schedules/${id}`, { body: { is_on: isOn } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["schedules"] }),
  });
}

/** Cancels a run that waits, or stops one that goes on. */
export function useCancelRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (run: string) => call<{ run: string; status: string }>("POST", `runs/${run}/cancel`),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.queue }),
  });
}
