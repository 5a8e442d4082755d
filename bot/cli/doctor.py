"""`quartermaster doctor`: looks at everything the product stands on and says what to do."""

from collections.abc import Sequence

from bot.settings.model import SettingsError, load_settings
from core.ports.diagnosis import Finding, State
from core.shared.value_objects import value_object

_PART = "settings"


@value_object
class Report:
    """All findings, as the text that is printed."""

    findings: Sequence[Finding]

    @property
    def is_healthy(self) -> bool:
        """Tell whether nothing keeps the product from working."""
        return all(finding.state is not State.BAD for finding in self.findings)

    @property
    def text(self) -> str:
        """Return a line for each finding, and one below it for what to do."""
        widest = max(len(finding.part) for finding in self.findings)
        lines = []
        for finding in self.findings:
            lines.append(f"{finding.state:<4}  {finding.part:<{widest}}  {finding.sentence}")
            if finding.fix:
                lines.append(f"      {'':<{widest}}  → {finding.fix}")
        bad = sum(finding.state is State.BAD for finding in self.findings)
        lines += ["", "All is well." if not bad else f"{bad} of these will keep it from working."]
        return "\n".join(lines)


async def examine() -> Report:
    """Look at the settings and then, if they can be used, at the rest."""
    try:
        settings = load_settings()
    except SettingsError as error:
        return Report([_wrong(line) for line in error.lines])
    findings = [Finding(_PART, State.WORTH_A_LOOK, line) for line in settings.warnings]
    findings = findings or [Finding(_PART, State.GOOD, "They can be used.")]
    from bot.wiring.diagnosis import diagnose

    return Report([*findings, *await diagnose(settings)])


def _wrong(line: str) -> Finding:
    """Split a setting's line into what is wrong and what to do."""
    return Finding(_PART, State.BAD, line, "Change it in the environment or in .env; see .env.example.")
