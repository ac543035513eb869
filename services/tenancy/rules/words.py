"""The rules of filing and cancellation with their words, and the laws that rules of other areas stand on too."""

from pathlib import Path

from services.engine.rule_declaration import Catalogue

CATALOGUE = Catalogue(Path(__file__).with_name("words.toml"))
rule = CATALOGUE.rule
