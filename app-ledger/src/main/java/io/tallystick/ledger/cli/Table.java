package io.tallystick.ledger.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A table of text: columns as wide as they need to be, numbers to the right. */
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /** Starts a table with these column heads. */
  public Table(String... heads) {
    rows.add(List.of(heads));
  }

  /** Adds a row; as many cells as there are heads. */
  public Table row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(String.valueOf(cell));
    }
    if (row.size() != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          "cells: " + row.size() + " (expected: " + rows.getFirst().size() + ")");
    }
    rows.add(row);
    return this;
  }

  /** Writes it, two blanks between columns. */
  public void print(PrintWriter out) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    boolean[] numeric = new boolean[columns];
    for (int c = 0; c < columns; c++) {
      numeric[c] = rows.size() > 1;
      for (int r = 0; r < rows.size(); r++) {
        String cell = rows.get(r).get(c);
        widths[c] = Math.max(widths[c], cell.codePointCount(0, cell.length()));
        numeric[c] &= r == 0 || cell.matches("-|[0-9][0-9.,]*( ?(%|s|ms|/s|MiB|KiB|B))?");
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String cell = row.get(c);
        String blanks = " ".repeat(widths[c] - cell.codePointCount(0, cell.length()));
        line.append(c == 0 ? "" : "  ");
        line.append(numeric[c] ? blanks + cell : cell + blanks);
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
