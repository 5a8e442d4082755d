"""Jobs in Slack: a message that shows how far one is becomes its answer, also where its process was killed."""

import re
import signal
from dataclasses import replace
from pathlib import Path

from tests.support.killed_slack import team
from tests.support.slack import SlackPlatform
from tests.support.slack_product import SlackShop, brisk, slack_process, tuned

QUICK = {"answer": 0.05, "patience": 0.05, "progress": 0.05}


async def test_a_message_shows_how_far_a_job_is_and_then_what_came_of_it(tmp_path: Path) -> None:
    async with SlackPlatform() as slack:
        shop = SlackShop(slack, tmp_path, timings=replace(brisk(), **QUICK))
        await shop.start()
        (anna,), general = await team(slack, 1)
        asked = await anna.command("/job run wait 2", channel=general)
        assert asked.messages[0].shown == "Working on it. The answer comes here."
        failed = await anna.command("/job run wait 0", channel=general)
        await slack.until(lambda: any("too short" in one.shown for one in failed.messages), what="why it failed")
        await slack.until(lambda: any("waited" in one.shown for one in slack.messages(general)), what="the answer")
        await shop.stop()
        edits = [call.args["text"] for call in slack.calls_of("chat.update")]
        assert any("Working on it." in edit for edit in edits)
        (only,) = slack.messages(general)
        assert "waited 2 seconds." in only.shown


async def test_a_job_whose_process_is_killed_is_gone_on_with_and_answered_once(tmp_path: Path) -> None:
    program = tuned(**QUICK)
    async with SlackPlatform() as slack:
        async with slack_process(slack, tmp_path, program=program) as product:
            (anna,), general = await team(slack, 1)
            await anna.command("/job run wait 3", channel=general)
            # Only what was begun is gone on with: a command may be told to be worked on before it is kept.
            far = re.compile(r"[1-9]\d?%")
            await slack.until(
                lambda: any(far.search(one.shown) for one in slack.messages(general)), what="how far it is"
            )
            await product.end(signal.SIGKILL)
        async with slack_process(slack, tmp_path, program=program):
            await slack.until(lambda: any("waited" in one.shown for one in slack.messages(general)), what="the answer")
        assert ["Job #1 waited 3 seconds." in one.shown for one in slack.messages(general)].count(True) == 1
