"""The pages of the window, in the order of its navigation rail."""

from staffdesk.ui.page import Page
from staffdesk.ui.pages.catalogue import CataloguePage
from staffdesk.ui.pages.closing import ClosingPage
from staffdesk.ui.pages.exchange import ExchangePage
from staffdesk.ui.pages.journal import JournalPage
from staffdesk.ui.pages.loans import LoansPage
from staffdesk.ui.pages.patrons import PatronsPage
from staffdesk.ui.pages.returns import ReturnsPage
from staffdesk.ui.pages.today import TodayPage

PAGES: tuple[type[Page], ...] = (
    TodayPage,
    LoansPage,
    ReturnsPage,
    PatronsPage,
    CataloguePage,
    ClosingPage,
    JournalPage,
    ExchangePage,
)
