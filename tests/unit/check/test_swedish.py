"""What the parser says of broken FEEL, in the process owner's language."""

import pytest

from engine.bpmn.check.swedish import swedish_field, swedish_problem
from engine.errors import StegvisError
from engine.feel import compile_expression


@pytest.mark.parametrize(
    ("text", "swedish"),
    [
        ("f(today(), 3", "uttrycket är inte färdigt: här ska stå `,` (rad 1, tecken 13)"),
        ("if a then b", "uttrycket är inte färdigt: här ska stå `else` (rad 1, tecken 12)"),
        ("1 +", "uttrycket är inte färdigt: här saknas ett värde (rad 1, tecken 4)"),
        ("", "uttrycket är tomt (rad 1, tecken 1)"),
        ('"abc', "texten saknar avslutande citattecken (rad 1, tecken 1)"),
        ("1 2", "uttrycket borde vara slut före `2`; saknas ett tecken mellan orden? (rad 1, tecken 3)"),
        ("* 2", "`*` kan inte stå här (rad 1, tecken 1)"),
        ("a.(1)", "efter punkten kommer ett namn (rad 1, tecken 3)"),
    ],
)
def test_a_broken_expression_is_explained_in_swedish(text, swedish):
    with pytest.raises(StegvisError) as caught:
        compile_expression(text)
    assert swedish_problem(caught.value.message) == swedish


def test_what_has_no_swedish_yet_still_says_where():
    assert swedish_problem("something new (line 2, column 7)") == "här går det inte att förstå (rad 2, tecken 7)"


def test_fields_are_called_as_in_the_editor():
    assert swedish_field("dueDate") == "Förfaller"
    assert swedish_field("okänt") == "okänt"
