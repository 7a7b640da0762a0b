"""A simulated forge: it speaks as GitHub's REST and GraphQL do, in memory or on the loopback.

``state`` is what it holds, ``acts`` what people do there; ``studio`` and ``stories`` make a company's year of it in real
git, ``bulk`` thousands of requests without. ``Service`` answers requests (``rest*``, ``graph`` with ``resolvers``), with
``faults`` where a test wants them; ``transports`` puts it behind httpx. ``webhooks`` is what it would have sent.
``contract`` holds answers and requests against what GitHub publishes (``tests/vectors/github-*``). What GitHub does not
publish, and no recording shows, is our word alone: rule-set history, rule suites and the audit log follow its examples.
"""
