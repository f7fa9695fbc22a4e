"""The one kind of table: compact rows, columns to choose, a hint when it is empty."""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.rows import BENEATH, Column, Rows, Table, as_tsv, write_csv
from staffdesk.ui.saving import ask_for_file
from staffdesk.ui.state import state

_MARGIN = 6
_LEAST = 28
"""Characters that the column which takes the room left keeps, however narrow the table."""
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier)


class RowsView(QTableView):
    """A table over `Rows`, or another `Table`: give it its model with `show_rows`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._hint = ""
        self._stretch: str | None = None
        self._widths: dict[str, float] = {}  # in characters, as chosen
        self._hidden: set[str] = set()  # as chosen; more may be hidden for lack of room
        self._fitting = False
        self._top: tuple[QPersistentModelIndex, int] | None = None
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)  # Tab leaves the table
        self.setWordWrap(False)
        self.setSortingEnabled(True)
        self.setCornerButtonEnabled(False)
        self.setItemDelegate(_TwoLines(self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSortIndicatorClearable(True)
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(
            lambda at: self._columns_menu().exec(header.mapToGlobal(at))
        )

        self.copy_action = self._action(_("Copy"), "clipboard", self.copy)
        self.copy_action.setShortcut(QKeySequence.StandardKey.Copy)
        self.export_action = self._action(_("Export as CSV…"), "export", self._ask_and_export)

    def _action(self, text: str, icon: str, do: Any) -> QAction:
        action = QAction(text, self)
        icons.give(action, icon)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(do)
        self.addAction(action)
        return action

    # --- what pages use ---

    def show_rows(
        self,
        model: Table[Any],
        *,
        name: str,
        title: str,
        empty: str,
        stretch: str | None = None,
    ) -> None:
        """Show a model. The chosen columns are remembered under `name`; `title` says what it
        shows; `empty` is the hint shown when there is no row; `stretch` names the column that
        takes the room that is left."""
        self._name, self._hint, self._stretch = name, empty, stretch
        self.setAccessibleName(title)
        self.setModel(model)
        model.about_to_change.connect(self._note_place)
        model.changed.connect(self._find_place)
        header = self.horizontalHeader()
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._fit_height()
        self._widths = {column.name: column.width or 14 for column in model.columns}
        self._recall()
        if stretch is not None:
            names = [column.name for column in model.columns]
            header.setSectionResizeMode(names.index(stretch), QHeaderView.ResizeMode.Stretch)
        self._fit_columns()
        header.sectionResized.connect(self._note_width)
        for signal in (header.sectionMoved, header.sortIndicatorChanged):
            signal.connect(self._remember)

    def set_hint(self, empty: str) -> None:
        """What to read where there is no row."""
        self._hint = empty
        self.viewport().update()

    def show_column(self, name: str, on: bool) -> None:
        """Show or hide a column, and remember it."""
        self._hidden = self._hidden - {name} if on else self._hidden | {name}
        self._fit_columns()
        self._remember()

    def selected(self) -> list[Any]:
        """The selected rows, from top to bottom."""
        chosen = sorted(self.selectionModel().selectedRows(), key=QModelIndex.row)
        return [self._table.row_at(index) for index in chosen]

    def current(self) -> Any | None:
        """The row with the keyboard's focus, if there is one."""
        index = self.currentIndex()
        return self._table.row_at(index) if index.isValid() else None

    def clear_choice(self) -> None:
        """No row is chosen, and none is the current one."""
        self.selectionModel().clear()

    def take_keyboard(self) -> None:
        """Give the keyboard to the table, and choose a row if none is."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.selected():
            self.selectRow(max(0, self.currentIndex().row()))

    def copy(self) -> None:
        """Put the selected rows on the clipboard, as a spreadsheet takes them."""
        if chosen := self.selected():
            QGuiApplication.clipboard().setText(as_tsv(chosen, self.visible_columns()))

    def export(self, path: Path) -> None:
        """Write all rows, in the columns and the order that are shown, as CSV."""
        model = self.model()
        assert isinstance(model, Rows)
        write_csv(path, model.rows, self.visible_columns())

    def visible_columns(self) -> Sequence[Column[Any]]:
        """The columns that were chosen, from left to right, whether there is room for them now
        or not."""
        header = self.horizontalHeader()
        order = [header.logicalIndex(at) for at in range(header.count())]
        columns = [self._table.columns[at] for at in order]
        return [column for column in columns if column.name not in self._hidden]

    # --- what it does by itself ---

    @property
    def _table(self) -> Table[Any]:
        model = self.model()
        assert isinstance(model, Table)
        return model

    def _remember(self) -> None:
        """Order and sorting are the header's to save; what is hidden or shrunk for lack of room
        is nobody's choice."""
        chosen = {"hidden": sorted(self._hidden), "widths": self._widths}
        state().setValue(f"columns/{self._name}", json.dumps(chosen))
        state().setValue(f"order/{self._name}", self.horizontalHeader().saveState())

    def _recall(self) -> None:
        order = state().value(f"order/{self._name}")
        if order is not None:
            self.horizontalHeader().restoreState(order)
        with suppress(ValueError, TypeError, KeyError):
            chosen = json.loads(str(state().value(f"columns/{self._name}")))
            self._hidden = self._widths.keys() & set(chosen["hidden"])
            self._widths |= {name: float(chosen["widths"][name]) for name in self._widths}

    def _fit_columns(self) -> None:
        """Give each chosen column its width. Where room lacks, columns leave as they can be
        spared and the others shrink, so that the main one stays legible."""
        header, columns = self.horizontalHeader(), self._table.columns
        character = self.fontMetrics().averageCharWidth()
        room = self.viewport().width() / character - _LEAST
        shown = {column.name: column for column in columns if column.name not in self._hidden}
        widths = {name: self._widths[name] for name in shown if name != self._stretch}
        for column in sorted(shown.values(), key=lambda column: column.spare):
            if self._stretch and column.spare and sum(widths.values()) > room:
                del shown[column.name], widths[column.name]
        shrunk = min(1.0, max(room, 1) / sum(widths.values())) if self._stretch and widths else 1.0
        self._fitting = True
        for at, column in enumerate(columns):
            header.setSectionHidden(at, column.name not in shown)
            if column.name in widths:
                header.resizeSection(at, round(widths[column.name] * shrunk * character))
        self._fitting = False

    def _note_width(self, at: int, _old: int, width: int) -> None:
        name, least = self._table.columns[at].name, self.horizontalHeader().minimumSectionSize()
        # Qt gives the least width by itself when the text grows: nobody chose that.
        if width > least and name != self._stretch and not self._fitting:
            self._widths[name] = width / self.fontMetrics().averageCharWidth()
            self._remember()

    def _ask_and_export(self) -> None:
        if path := self.ask_for_file():
            self.export(path)

    def ask_for_file(self) -> Path | None:
        """Where to export to, as somebody chose; None if they thought better of it."""
        kinds = _("Tables (*.csv)")
        return ask_for_file(self, _("Export as CSV"), kinds, "csv", self.accessibleName())

    def _columns_menu(self) -> QMenu:
        menu = QMenu(_("Columns"), self)
        several = len(self.visible_columns()) > 1
        for column in self._table.columns:
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(column.name not in self._hidden)
            action.setEnabled(several or column.name in self._hidden)
            action.toggled.connect(lambda on, name=column.name: self.show_column(name, on))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addActions(self.actions())
        menu.addSeparator()
        menu.addMenu(self._columns_menu())
        menu.exec(event.globalPos())

    def _note_place(self) -> None:
        """Remember the row at the top, unless the very top is in sight: news come there."""
        self._top = None
        top = self.indexAt(QPoint(1, 1))
        if self.verticalScrollBar().value() > 0 and top.isValid():
            self._top = QPersistentModelIndex(top), self.rowViewportPosition(top.row())

    def _find_place(self) -> None:
        if self._top is not None and self._top[0].isValid():
            row, was_at = self._top[0].row(), self._top[1]
            self.executeDelayedItemsLayout()
            moved = self.rowViewportPosition(row) - was_at
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved)
        self._top = None

    def _fit_height(self) -> None:
        height = QFontMetrics(self.font()).height()
        two_lines = any(column.beneath for column in self._table.columns)
        lines = round(height * 1.9) if two_lines else height
        self.verticalHeader().setDefaultSectionSize(lines + _MARGIN + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # With Ctrl, Return is an action of the page, or nothing; Qt would open the row.
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held:
            event.ignore()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and held in _PLAIN:
            # Rows are chosen, not cells: to the first or last of them, with Ctrl as without.
            self.selectRow(0 if event.key() == Qt.Key.Key_Home else self.model().rowCount() - 1)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: Any) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.FontChange and isinstance(self.model(), Table):
            self._fit_height()
            self._fit_columns()

    def minimumSizeHint(self) -> QSize:
        """A table gives way to the text above it: its rows can be scrolled."""
        return QSize(super().minimumSizeHint().width(), self.horizontalHeader().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if isinstance(self.model(), Table) and not self._fitting:
            self._fit_columns()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
            painter.end()
        model = self.model()
        if self._hint and model is not None and model.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(24, 0, -24, 0), flags, self._hint)


class _TwoLines(QStyledItemDelegate):
    """Paints a cell, and beneath its text a second, smaller and quieter line."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        beneath = index.data(BENEATH)
        if not beneath:
            super().paint(painter, option, index)
            return
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        text, cell.text = cell.text, ""
        style = cell.widget.style() if cell.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, cell, painter, cell.widget)
        room = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, cell, cell.widget)
        room = QRect(room.left(), cell.rect.top(), room.width(), cell.rect.height())
        room.adjust(_MARGIN // 2, _MARGIN // 2, -_MARGIN // 2, -_MARGIN // 2)
        painter.save()
        selected = bool(cell.state & QStyle.StateFlag.State_Selected)
        palette = cell.palette
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        colour = palette.color(role)
        painter.setPen(colour)
        painter.setFont(cell.font)
        metrics = QFontMetrics(cell.font)
        first = QRect(room.left(), room.top(), room.width(), metrics.height())
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(
            first, cell.displayAlignment, metrics.elidedText(text, elide, room.width())
        )
        small = cell.font
        small.setPointSizeF(small.pointSizeF() * 0.88)
        metrics = QFontMetrics(small)
        colour.setAlphaF(0.75)
        painter.setPen(colour)
        painter.setFont(small)
        second = QRect(room.left(), first.bottom() + 1, room.width(), metrics.height())
        painter.drawText(
            second, cell.displayAlignment, metrics.elidedText(beneath, elide, room.width())
        )
        painter.restore()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        size = super().sizeHint(option, index)
        return size + QSize(0, option.fontMetrics.height()) if index.data(BENEATH) else size
