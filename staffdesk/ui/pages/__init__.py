"""The pages of the window, in the order of its navigation rail."""

from staffdesk.ui.page import Page
from staffdesk.ui.pages.loans import LoansPage
from staffdesk.ui.pages.returns import ReturnsPage

PAGES: tuple[type[Page], ...] = (LoansPage, ReturnsPage)
