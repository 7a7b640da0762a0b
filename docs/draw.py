"""Draw the README's picture of a terminal from a small made-up repository: ``make pictures``."""

import io
import re
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text
from tests.repos import Repo

from asbuilt.app.inspect import inspect
from asbuilt.reports.terminal import render_inspection

PICTURE = Path(__file__).parent / "pictures" / "inspect.svg"
WIDTH = 80
FONTS = "ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace"
LEFT_OUT = ("AI tools", "How changes", "Who reviews", "AI-written", "Findings", "What could not")
ELLIPSIS = "⋮"
THEME = TerminalTheme(
    (252, 252, 250), (36, 41, 47),
    [(36, 41, 47), (164, 14, 38), (17, 99, 41), (125, 78, 0), (9, 105, 218), (130, 80, 223), (27, 124, 131), (87, 96, 106)],
    [(87, 96, 106), (207, 34, 46), (26, 127, 55), (154, 103, 0), (33, 139, 255), (163, 113, 247), (49, 146, 170), (140, 149, 159)],
)  # fmt: skip


def example(path: Path) -> Repo:
    """A shop of two people and an agent: reviewed, unreviewed and pushed changes."""
    repo = Repo(path / "shop")
    repo.git("config", "remote.origin.url", "https://github.com/example/shop.git")
    web = "GitHub <noreply@github.com>"
    ana, bo = "Ana Alves <ana@example.com>", "Bo Berg <bo@example.com>"
    agent = "\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n"
    repo.write("shop/cart.py", "".join(f"line {n}\n" for n in range(120))).commit("Import the shop", author=ana)
    for number, (who, other, by_agent, reviewed) in enumerate(
        [(ana, bo, False, True), (bo, ana, True, True), (ana, bo, True, False), (bo, ana, True, False)], 11
    ):
        name = f"topic-{number}"
        repo.checkout(name, new=True)
        repo.write(f"shop/part_{number}.py", "".join(f"part {number} line {n}\n" for n in range(30 + number)))
        repo.commit(f"Add part {number} (SHOP-{number})" + (agent if by_agent else ""), author=who)
        repo.checkout("main")
        review = f"\n\nReviewed-by: {other}\n" if reviewed else ""
        repo.merge(
            name, message=f"Merge pull request #{number} from example/{name}{review}", author=who, committer=web
        )
    repo.write("shop/pay.py", "".join(f"pay {n}\n" for n in range(55))).commit("Take payments" + agent, author=bo)
    repo.write("shop/cart.py", "".join(f"line {n}\n" for n in range(118))).commit("Fix the cart", author=ana)
    repo.tag("v1.0", message="First release")
    return repo


def chosen(report: str) -> str:
    """The sections that a first screen needs; what is left out is marked."""
    lines: list[str] = []
    kept = True
    for line in report.splitlines():
        plain = Text.from_ansi(line).plain
        if "──" in plain or "━━" in plain:
            kept = not plain.startswith(LEFT_OUT)
            if not kept and ELLIPSIS not in lines[-2:]:
                lines += [ELLIPSIS, ""]
        if kept:
            lines.append(line)
    return "\n".join(lines)


def main() -> None:
    """Write the picture; fonts are the reader's own, nothing is fetched."""
    with tempfile.TemporaryDirectory() as folder:
        found = inspect(str(example(Path(folder)).path), keep_index=False)
    console = Console(
        record=True, width=WIDTH + 1, file=io.StringIO(), color_system="truecolor", force_terminal=True
    )
    console.print(Text.from_ansi(chosen(render_inspection(found, width=WIDTH, color=True))), soft_wrap=True)
    svg = console.export_svg(title="asbuilt inspect", theme=THEME, unique_id="asbuilt")
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL).replace("Fira Code, monospace", FONTS)
    PICTURE.write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
