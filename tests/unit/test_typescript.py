"""The screens' types are the server's types."""

from huaxin.live import typescript


def test_generated_types_are_current() -> None:
    """`python -m huaxin.live.typescript` was run after the last change of a type that travels."""
    assert typescript.TARGET.read_text("utf-8") == typescript.render()


def test_no_declaration_is_empty() -> None:
    text = typescript.render()
    assert "export interface OrderSnapshot {" in text
    assert "unknown;\n" not in text.split("export interface OrderSnapshot")[1].split("}")[0]
