"""Reading a report's HTML as a browser would: elements, attributes, text, and what would be fetched."""

from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "col"}
LOADS = {"src", "href", "srcset", "action", "formaction", "data", "poster", "background", "ping", "xlink:href"}


class Parsed(HTMLParser):
    """All elements in order, and the text of each kind; fails on markup that does not nest."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.stack: list[str] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.feed(text)
        self.close()
        assert not self.stack, f"left open: {self.stack}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in {tag}: {names}"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack, f"</{tag}> closes nothing"
        assert self.stack[-1] == tag, f"</{tag}> closes {self.stack[-1]}"
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(self.stack), data))

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(data for stack, data in self.texts if "style" not in stack)

    @property
    def loads(self) -> list[str]:
        """Every address that the page could make a browser fetch or follow."""
        return [value for _, attributes in self.elements for name, value in attributes.items() if name in LOADS]
