"""What documents are checked against: pydantic models that refuse unknown keys and never change."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of a document: it refuses keys that it does not know, and cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class BilingualTitle(Part):
    """A title in Chinese and in English; `title["zh"]` and `title["en"]` pick one."""

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.zh if language == "zh" else self.en
