#!/usr/bin/env bash
# cronsim 2.8, croniter 7.0.0 and APScheduler 3.11.3: the same cron expression, on the day when clocks go back.
#
# Seen: 02:30 in Berlin is there twice on 31 October 2027. For `30 2 * * *` cronsim names the first one only; croniter
# and APScheduler name both, an hour apart. On 28 March, when 02:30 is not there, cronsim and croniter say 03:00, and
# APScheduler 02:30 in the offset of the night before, which no clock shows: it is 03:30.
# Expected: libraries that read the same five fields, in one time zone, agree on when a daily job runs.
# Who meets it: a chat backend that sends a daily report: after a change of the library, or with workers that use another
# one than the page which shows the next times, customers get it twice on one night of the year.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 180 venv/bin/pip install --quiet --no-compile --disable-pip-version-check \
  cronsim==2.8 croniter==7.0.0 apscheduler==3.11.3 tzdata==2026.6
timeout 60 venv/bin/python - <<'PY'
from datetime import datetime
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from croniter import croniter
from cronsim import CronSim

BERLIN = ZoneInfo("Europe/Berlin")
DAILY = "30 2 * * *"


def ask_cronsim(start):
    times = CronSim(DAILY, start)
    return [next(times) for _ in range(3)]


def ask_croniter(start):
    times = croniter(DAILY, start)
    return [times.get_next(datetime) for _ in range(3)]


def ask_apscheduler(start):
    trigger, times = CronTrigger.from_crontab(DAILY, timezone=BERLIN), []
    for _ in range(3):
        times.append(trigger.get_next_fire_time(times[-1] if times else None, times[-1] if times else start))
    return times


def write(times):
    return [f"{each:%d %b %H:%M %z}" for each in times]


found = {}
for name, ask in (("cronsim", ask_cronsim), ("croniter", ask_croniter), ("APScheduler", ask_apscheduler)):
    back = write(ask(datetime(2027, 10, 30, 12, tzinfo=BERLIN)))
    forth = write(ask(datetime(2027, 3, 27, 12, tzinfo=BERLIN)))
    found[name] = (sum(each.startswith("31 Oct") for each in back), forth[0])
    print(f"{name:12} back: {back}\n{'':12} forth: {forth}")
assert found == {
    "cronsim": (1, "28 Mar 03:00 +0200"),
    "croniter": (2, "28 Mar 03:00 +0200"),
    "APScheduler": (2, "28 Mar 02:30 +0100"),
}, found
PY
