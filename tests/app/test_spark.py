"""Opening a Spark session."""

import pytest

from asbuilt.app.spark import open_spark
from asbuilt.model.errors import UsageError


@pytest.mark.parametrize("url", ["http://127.0.0.1:7077", "spark://host", "local[x]", "spark://a:1 --conf b"])
def test_what_is_no_master_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="is no Spark master"), open_spark(url):
        pass
