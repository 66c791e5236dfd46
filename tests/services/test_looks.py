"""A photograph is known again when it was saved anew; plain surfaces and broken files have no look."""

from io import BytesIO
from random import Random

from PIL import Image

from console.ledger.looks import alike, look_of
from tests.gate_material import saved_anew, scene


def look(content: bytes) -> str:
    return look_of(BytesIO(content))


def test_saved_anew_it_is_the_same_and_another_is_not() -> None:
    rng = Random(3)
    scenes = [scene(rng) for _ in range(40)]
    for one in scenes:
        assert alike(look(one), look(saved_anew(one, rng)))
    looks = [look(one) for one in scenes]
    strangers = [(a, b) for at, a in enumerate(looks) for b in looks[at + 1 :] if alike(a, b)]
    assert strangers == []


def test_a_wall_or_a_broken_file_says_nothing() -> None:
    out = BytesIO()
    Image.new("L", (400, 300), 128).save(out, "JPEG")
    assert look(out.getvalue()) == ""
    assert look(b"\xff\xd8\xff\xe0 no picture") == ""
    assert not alike("", "")


def test_the_file_is_left_at_its_beginning() -> None:
    content = BytesIO(scene(Random(1)))
    content.seek(5)
    look_of(content)
    assert content.tell() == 0
