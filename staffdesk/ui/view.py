"""The one kind of table: compact rows, columns to choose, a hint when it is empty."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFontMetrics,
    QGuiApplication,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFileDialog,
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
from staffdesk.ui.rows import BENEATH, Column, Rows, as_tsv, write_csv
from staffdesk.ui.state import state

_MARGIN = 6


class RowsView(QTableView):
    """A table over `Rows`: give it its model with `show_rows`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._hint = ""
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
        self, model: Rows[Any], *, name: str, empty: str, stretch: str | None = None
    ) -> None:
        """Show a model. The chosen columns are remembered under `name`; `empty` is the hint shown
        when there is no row; `stretch` names the column that takes the room that is left."""
        self._name, self._hint = name, empty
        self.setModel(model)
        model.about_to_change.connect(self._note_place)
        model.changed.connect(self._find_place)
        header = self.horizontalHeader()
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._fit_height()
        names = [column.name for column in model.columns]
        if stretch is not None:
            header.setSectionResizeMode(names.index(stretch), QHeaderView.ResizeMode.Stretch)
        for at, column in enumerate(model.columns):
            if column.width is not None and column.name != stretch:
                self.setColumnWidth(at, column.width * self.fontMetrics().averageCharWidth())
        remembered = state().value(self._memory)
        if remembered is not None:
            header.restoreState(remembered)
        for signal in (header.sectionMoved, header.sectionResized, header.sortIndicatorChanged):
            signal.connect(self._remember)

    def set_hint(self, empty: str) -> None:
        """What to read where there is no row."""
        self._hint = empty
        self.viewport().update()

    def show_column(self, name: str, on: bool) -> None:
        """Show or hide a column, and remember it."""
        at = [column.name for column in self._rows.columns].index(name)
        self.horizontalHeader().setSectionHidden(at, not on)
        self._remember()

    def selected(self) -> list[Any]:
        """The selected rows, from top to bottom."""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._rows.rows[at] for at in chosen]

    def current(self) -> Any | None:
        """The row with the keyboard's focus, if there is one."""
        index = self.currentIndex()
        return self._rows.row_at(index) if index.isValid() else None

    def copy(self) -> None:
        """Put the selected rows on the clipboard, as a spreadsheet takes them."""
        if chosen := self.selected():
            QGuiApplication.clipboard().setText(as_tsv(chosen, self.visible_columns()))

    def export(self, path: Path) -> None:
        """Write all rows, in the columns and the order that are shown, as CSV."""
        write_csv(path, self._rows.rows, self.visible_columns())

    def visible_columns(self) -> Sequence[Column[Any]]:
        """The columns that are shown, from left to right."""
        header = self.horizontalHeader()
        order = [header.logicalIndex(at) for at in range(header.count())]
        return [self._rows.columns[at] for at in order if not header.isSectionHidden(at)]

    # --- what it does by itself ---

    @property
    def _rows(self) -> Rows[Any]:
        model = self.model()
        assert isinstance(model, Rows)
        return model

    @property
    def _memory(self) -> str:
        return f"columns/{self._name}"

    def _remember(self) -> None:
        state().setValue(self._memory, self.horizontalHeader().saveState())

    def _ask_and_export(self) -> None:
        path, _filter = QFileDialog.getSaveFileName(
            self, _("Export as CSV"), f"{self._name}.csv", _("Tables (*.csv)")
        )
        if path:
            self.export(Path(path))

    def _columns_menu(self) -> QMenu:
        menu = QMenu(_("Columns"), self)
        header = self.horizontalHeader()
        shown = len(self.visible_columns())
        for at, column in enumerate(self._rows.columns):
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(at))
            action.setEnabled(shown > 1 or header.isSectionHidden(at))
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
        two_lines = any(column.beneath for column in self._rows.columns)
        lines = round(height * 1.9) if two_lines else height
        self.verticalHeader().setDefaultSectionSize(lines + _MARGIN + 2)

    def changeEvent(self, event: Any) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.FontChange and isinstance(self.model(), Rows):
            self._fit_height()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        model = self.model()
        if self._hint and model is not None and model.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(24, 24, -24, -24), flags, self._hint)


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
