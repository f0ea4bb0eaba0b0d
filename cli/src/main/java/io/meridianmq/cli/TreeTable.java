package io.meridianmq.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * A tree with columns beside it, as text.
 *
 * @param label what stands in the tree
 * @param cells what stands beside it, one for each column
 */
record TreeTable(String label, List<String> cells, List<TreeTable> children) {

    private static final String GAP = "  ";

    /**
     * A column beside the tree.
     *
     * @param title at its top
     * @param right whether cells end, rather than begin, at the same place
     */
    record Column(String title, boolean right) {}

    private record Line(String tree, List<String> cells) {}

    TreeTable {
        cells = List.copyOf(cells);
        children = List.copyOf(children);
    }

    /** A header, then each tree; every line ends with a line feed. */
    static String render(String title, List<Column> columns, List<TreeTable> trees) {
        var lines = new ArrayList<Line>();
        lines.add(new Line(title, columns.stream().map(Column::title).toList()));
        trees.forEach(tree -> tree.addTo(lines, "", ""));
        return aligned(lines, columns);
    }

    /** A tree without a header. */
    String render(List<Column> columns) {
        var lines = new ArrayList<Line>();
        addTo(lines, "", "");
        return aligned(lines, columns);
    }

    private void addTo(List<Line> lines, String before, String beforeChildren) {
        lines.add(new Line(before + label, cells));
        for (var index = 0; index < children.size(); index++) {
            var last = index == children.size() - 1;
            children.get(index)
                    .addTo(lines, beforeChildren + (last ? "└─ " : "├─ "), beforeChildren + (last ? "   " : "│  "));
        }
    }

    private static String aligned(List<Line> lines, List<Column> columns) {
        var treeWidth =
                lines.stream().mapToInt(line -> line.tree().length()).max().orElse(0);
        var text = new StringBuilder();
        for (var line : lines) {
            var row = new StringBuilder(padded(line.tree(), treeWidth, false));
            for (var index = 0; index < columns.size(); index++) {
                var column = index;
                var width = lines.stream()
                        .mapToInt(each -> each.cells().get(column).length())
                        .max()
                        .orElse(0);
                row.append(GAP)
                        .append(padded(
                                line.cells().get(index),
                                width,
                                columns.get(index).right()));
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String padded(String text, int width, boolean right) {
        var padding = " ".repeat(width - text.length());
        return right ? padding + text : text + padding;
    }
}
