"""Patterns over files of settings: which files a rule is for, and what leaves a file alone."""

import msgspec

from asbuilt.scans.rulebook import Rule, Written, load_rules
from asbuilt.scans.written import find_written, is_for

RULE = next(rule for rule in load_rules() if rule.id == "bucket-public")


def with_patterns(**told: object) -> Rule:
    written = msgspec.convert({"patterns": ("b",), "files": ("*",), **told}, Written)
    return msgspec.structs.replace(RULE, written=written)


def test_a_rule_is_for_the_files_that_it_names() -> None:
    assert is_for(RULE, "main.tf")
    assert is_for(RULE, "infra/a/main.tf")
    assert not is_for(RULE, "main.tfx")
    assert not is_for(next(rule for rule in load_rules() if rule.shape is not None), "a.py")


def test_the_first_group_is_told_or_all() -> None:
    assert list(find_written(with_patterns(patterns=["ab+"]), b"xabbab")) == [(1, 4), (4, 6)]
    assert list(find_written(with_patterns(patterns=["a(b+)"]), b"xabb")) == [(2, 4)]


def test_a_file_is_left_alone_for_what_it_holds_or_lacks() -> None:
    assert list(find_written(with_patterns(without="fine"), b"b, fine")) == []
    assert list(find_written(with_patterns(beside="store"), b"b")) == []
    assert list(find_written(with_patterns(beside="store"), b"b store")) == [(0, 1)]
    assert list(find_written(msgspec.structs.replace(RULE, written=None), b"b")) == []
