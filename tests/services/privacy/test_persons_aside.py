"""Everybody on a long file is given once, in parts of bounded size."""

from services.privacy.persons_aside import PersonsAside


def test_everybody_comes_once_however_often_he_was_set_aside() -> None:
    everybody = [f"b1.{number:05d}" for number in range(5_000)]
    aside = PersonsAside()
    aside.add(everybody)
    aside.add(everybody[:700])
    parts = list(aside.parts(300))
    assert sorted(person for part in parts for person in part) == everybody
    assert max(len(part) for part in parts) <= 300


def test_nobody_set_aside_is_one_empty_part() -> None:
    assert list(PersonsAside().parts(300)) == [()]
