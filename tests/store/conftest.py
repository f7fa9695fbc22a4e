"""The town of the desk's tests."""

from tests.desk.conftest import town as town
