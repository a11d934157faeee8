/** Says in words what a measurement means, and what to change at the proxy. */
import type { NoticeKind } from "../../ui/feedback/Notice";
import type { Arrival, Measurement, Pace } from "./measure";

export interface Finding {
  kind: NoticeKind;
  title: string;
  /** What to do; empty where nothing is to do. */
  advice: string;
  /** Lines for the proxy's configuration. */
  lines: string[];
}

/** The part of the pieces that must come by themselves for a stream to be live: the network joins a few. */
const LIVE_SHARE = 0.75;
/** The bytes of one piece, as it is written. */
const PIECE_BYTES = 45;
const NO_BUFFERING = [
  "nginx: proxy_buffering off;",
  "Caddy: flush_interval -1",
  "Apache: ProxyPass … flushpackets=on",
];
const SOCKET_LINES = [
  "nginx: proxy_http_version 1.1;",
  "nginx: proxy_set_header Upgrade $http_upgrade;",
  "nginx: proxy_set_header Connection $connection_upgrade;",
  "Apache: ProxyPass … upgrade=websocket",
];

/** The findings, that of the stream first, then that of the socket. */
export function judge(measured: Measurement, pace: Pace): Finding[] {
  const findings = [judgeStream(measured, pace)];
  if (measured.compression)
    findings.push({
      kind: "warning",
      title: `The stream is compressed on its way (${measured.compression}).`,
      advice: "A compressor may hold pieces back. Leave text/event-stream out of what the proxy compresses.",
      lines: [],
    });
  findings.push(judgeSocket(measured.hasSocket));
  return findings;
}

function judgeStream({ arrivals, isWhole, endedMs }: Measurement, pace: Pace): Finding {
  const groups = countGroups(arrivals, pace.pauseMs);
  if (!isWhole)
    return {
      kind: "failed",
      title: `The stream was cut after ${formatSeconds(endedMs)}, at piece ${arrivals.length} of ${pace.pieces}.`,
      advice:
        "Give the proxy a read timeout above 15 seconds, after which a silent stream says that it lives, and no limit for a whole answer.",
      lines: ["nginx: proxy_read_timeout 75s;"],
    };
  if (groups >= arrivals.length * LIVE_SHARE)
    return { kind: "done", title: "Chunks arrive as they are written.", advice: "", lines: [] };
  if (groups === 1)
    return {
      kind: "failed",
      title: `The proxy collects the stream: all ${arrivals.length} pieces came together, after ${formatSeconds(endedMs)}.`,
      advice: "Switch its buffering off, and reload it.",
      lines: NO_BUFFERING,
    };
  const bytes = Math.round((arrivals.length / groups) * PIECE_BYTES);
  return {
    kind: "warning",
    title: `The proxy collects pieces: ${arrivals.length} came in ${groups} portions, of about ${bytes} bytes.`,
    advice:
      "Switch its buffering off, and reload it. Some networks in front of a server, such as Cloudflare, collect about 100 bytes: there pieces of an answer come a few words at a time.",
    lines: NO_BUFFERING,
  };
}

/** How many times something came: pieces that came within a quarter of the pause came together. */
function countGroups(arrivals: Arrival[], pauseMs: number): number {
  return arrivals.filter(
    ({ receivedMs }, index) =>
      index === 0 || receivedMs - (arrivals[index - 1]?.receivedMs ?? 0) > pauseMs / 4,
  ).length;
}

function judgeSocket(hasSocket: boolean): Finding {
  if (hasSocket) return { kind: "done", title: "WebSockets pass.", advice: "", lines: [] };
  return {
    kind: "failed",
    title: "WebSockets do not pass.",
    advice: "The editor cannot run flows without one. Let the proxy pass the upgrade on.",
    lines: SOCKET_LINES,
  };
}

function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
