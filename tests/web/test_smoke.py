from collections.abc import Callable

from tests.factories import Copy, Respondent


def test_ten(on_both: Callable[..., Copy]) -> None:
    copy = on_both("ten_questions")
    person = Respondent(copy.app(), "ten-questions").start()
    for n in range(1, 11):
        assert person.at == f"Q{n}", person.page
        person.press(answer="4" if n < 10 else "More time")
    assert person.at == "check"
    person.send()
    assert len(person.receipt.split()) == 5
