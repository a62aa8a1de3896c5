"""Names in two languages, for declarations: both stand where the thing is declared."""

from __future__ import annotations

from gep.records import dataclass


@dataclass(frozen=True)
class Title:
    """What a thing is called in Chinese and in English."""

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.zh if language == "zh" else self.en
