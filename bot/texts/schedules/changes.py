"""What people read when a schedule was made, changed, or put to rest: each with the button that takes it back."""

from collections.abc import Sequence

from bot.texts.background import begun_by
from bot.texts.common import undo_action
from bot.texts.schedules.words import coming, name_of, next_fields, state_of, when
from bot.texts.undo import undone
from bot.texts.view import View
from core.chat.reply import Action, Reply, Visibility
from core.chat.text import Code, Text, lines, text
from core.jobs.model import Job
from core.ports.jobs import Runs
from core.schedules.model import Schedule, ScheduleState
from core.schedules.requests import Scheduled
from core.undo.entries import TakenBack

_NOWHERE = text("Nothing serves here now: it comes once ", Code("quartermaster serve"), " runs.")


def scheduled(made: Scheduled, actions: Sequence[Action], view: View, runs: Runs) -> Reply:
    """Say what was scheduled, where it comes, its next runs in local time, and that nothing runs it now if so."""
    schedule = made.schedule
    where = f" in {view.directory.channel_name(schedule.channel_id)}"
    said = text(f"{view.actor.name} scheduled ", name_of(schedule), " for ", when(schedule), f"{where}.")
    alone = _NOWHERE if runs is Runs.NOWHERE else ""
    return _told(made, lines(said, coming(made.runs, schedule, view), _empty(schedule), alone), actions, view)


def changed(made: Scheduled, actions: Sequence[Action], view: View, *, is_moved: bool = False) -> Reply:
    """Say how a schedule is now, where it comes if that is another channel, and whose it is."""
    schedule = made.schedule
    where = f" in {view.directory.channel_name(schedule.channel_id)}" if is_moved else ""
    said = text(name_of(schedule), " now runs ", when(schedule), f"{where}, with the rights of {view.actor.name}.")
    rests = "" if schedule.state is ScheduleState.ACTIVE else f"It is {schedule.state.value}."
    return _told(made, lines(said, coming(made.runs, schedule, view), _empty(schedule), rests), actions, view)


def rested(made: Scheduled, actions: Sequence[Action], view: View) -> Reply:
    """Say that a schedule rests now, or did so already."""
    schedule = made.schedule
    if not made.undo_id:
        return Reply(text=text(name_of(schedule), f" is {state_of(schedule)} already."))
    said = text(f"{view.actor.name} {schedule.state.value} ", name_of(schedule), ".")
    return _told(made, said, actions, view)


def resumed(made: Scheduled, view: View) -> Reply:
    """Say that a schedule runs again, or did so anyway."""
    schedule = made.schedule
    if not made.undo_id:
        return Reply(text=lines(text(name_of(schedule), " runs already."), coming(made.runs, schedule, view)))
    said = text(f"{view.actor.name} let ", name_of(schedule), " run again. What it missed is left out.")
    return _told(made, lines(said, coming(made.runs, schedule, view)), (), view)


def removed(made: Scheduled, view: View) -> Reply:
    """Say that a schedule is gone."""
    return _told(made, text(f"{view.actor.name} removed ", name_of(made.schedule), "."), (), view)


def running_now(schedule: Schedule, job: Job, runs: Runs) -> Reply:
    """Say that a schedule runs now, beside its times, or who will have it run."""
    does = "runs now" if runs is Runs.HERE else "is to run now"
    said = text(name_of(schedule), f" {does}; its times stay as they are.", *begun_by(runs))
    return Reply(text=said, visibility=Visibility.CHANNEL, actions=(Action("Show job", f"/job show {job.number}"),))


def taken_back(undo: TakenBack[Schedule], view: View) -> Reply:
    """Say which schedules are as before, and which are gone again."""
    restored, withdrawn = ([name_of(one) for one in some] for some in (undo.restored, undo.withdrawn))
    return undone(undo.command, restored, withdrawn, view, plural="schedules")


def _told(made: Scheduled, said: Text, actions: Sequence[Action], view: View) -> Reply:
    undo = (undo_action(made.undo_id),) if made.undo_id else ()
    fields = () if made.schedule.removed_at else next_fields(made.schedule, view.actor.zone)
    return Reply(text=said, visibility=Visibility.CHANNEL, fields=fields, actions=(*actions, *undo))


def _empty(schedule: Schedule) -> str:
    return "When there is nothing to tell, nothing is posted." if schedule.skip_empty else ""
