"""The figures of the links table. Argument: rounds."""

import sys

from PySide6.QtWidgets import QApplication

from tests.benchmarks.programs.told import tell
from tests.benchmarks.table import measure_table

if __name__ == "__main__":
    app = QApplication([])
    for row in measure_table(int(sys.argv[1])):
        tell(name=row.name, unit=row.unit, measured=row.measured, floor=row.floor, bar=row.bar or 0.0)
    tell(done=1.0)
