"""Where requests stand in GraphQL's answers."""

from asbuilt.facts.forge import ForgePage
from asbuilt.facts.forge.github.answers import graphql_error, inner_nodes, request_nodes


def page(document: object, key: str = "") -> ForgePage:
    """A page of this document."""
    return ForgePage("graphql/requests", key, document, "acme/shop", None, 0)


def test_requests_of_a_listing_of_one_and_of_ids() -> None:
    one, two = {"number": 1}, {"number": 2}
    assert request_nodes(page({"data": {"repository": {"pullRequests": {"nodes": [one, None, two]}}}})) == [
        one,
        two,
    ]
    assert request_nodes(page({"data": {"repository": {"pullRequest": one}}})) == [one]
    assert request_nodes(page({"data": {"node": one}})) == [one]
    assert request_nodes(page({"data": {"nodes": [two, None, 3]}})) == [two]
    empty: tuple[object, ...] = (None, [], {"data": None}, {"data": {"repository": None}}, {"data": {"node": "x"}})
    for nothing in empty:
        assert request_nodes(page(nothing)) == []


def test_inner_pages_know_their_request_by_the_node_or_by_the_key() -> None:
    told = {"data": {"node": {"number": 5, "reviews": {"nodes": []}}}}
    assert [number for number, _ in inner_nodes(page(told), "reviews")] == [5]
    assert list(inner_nodes(page(told), "commits")) == []
    told = {"data": {"node": {"reviews": {}}}}
    assert [number for number, _ in inner_nodes(page(told, "17 | 2"), "reviews")] == [17]


def test_errors() -> None:
    assert graphql_error(page({"data": {}})) is None
    assert graphql_error(page({"errors": []})) is None
    assert graphql_error(page({"errors": [{}]})) == "the forge answered with an error: of no words."
