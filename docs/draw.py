"""Draw the README's picture of a terminal from a small made-up repository: ``make pictures``."""

import io
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
THEME = TerminalTheme(
    (252, 252, 250), (36, 41, 47),
    [(36, 41, 47), (164, 14, 38), (17, 99, 41), (125, 78, 0), (9, 105, 218), (130, 80, 223), (27, 124, 131), (87, 96, 106)],
    [(87, 96, 106), (207, 34, 46), (26, 127, 55), (154, 103, 0), (33, 139, 255), (163, 113, 247), (49, 146, 170), (140, 149, 159)],
)  # fmt: skip


def example(path: Path) -> Repo:
    """A shop of two people and an agent: reviewed, unreviewed and pushed changes."""
    repo = Repo(path / "shop")
    repo.git("config", "remote.origin.url", "https://github.com/example/shop.git")
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
        repo.merge(name, message=f"Merge pull request #{number} from example/{name}{review}", author=other)
    repo.write("shop/pay.py", "".join(f"pay {n}\n" for n in range(55))).commit("Take payments" + agent, author=bo)
    repo.write("shop/cart.py", "".join(f"line {n}\n" for n in range(118))).commit("Fix the cart", author=ana)
    repo.tag("v1.0", message="First release")
    return repo


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        found = inspect(str(example(Path(folder)).path), keep_index=False)
    console = Console(record=True, width=WIDTH, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    console.print(Text.from_ansi(render_inspection(found, width=WIDTH, color=True)))
    svg = console.export_svg(title="asbuilt inspect", theme=THEME, unique_id="asbuilt")
    PICTURE.write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
