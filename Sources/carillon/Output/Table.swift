/// Rows in aligned columns, no wider than the terminal.
struct Table {
  /// A column's head, and how it behaves.
  struct Column {
    var head: String
    /// Numbers stand on the right.
    var isNumber = false
    /// Gives room when the table is too wide; the others keep theirs.
    var shrinks = false

    init(_ head: String, isNumber: Bool = false, shrinks: Bool = false) {
      self.head = head
      self.isNumber = isNumber
      self.shrinks = shrinks
    }
  }

  let columns: [Column]
  private var rows: [[String]] = []
  private var colors: [[Int: Console.Color]] = []

  init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row, a cell a column. `colors` by column.
  mutating func add(_ cells: [String], colors: [Int: Console.Color] = [:]) {
    rows.append(cells.map(Words.printable))
    self.colors.append(colors)
  }

  /// The lines, head first. Cells that do not fit end in "…".
  func lines(_ console: Console) -> [String] {
    var widths = columns.indices.map { column in
      max(columns[column].head.count, rows.map { $0[column].count }.max() ?? 0)
    }
    if let width = console.width { shrink(&widths, to: width) }
    let head = console.colored(line(columns.map(\.head), widths, [:], console), .dim)
    return [head] + zip(rows, colors).map { line($0, widths, $1, console) }
  }

  private func shrink(_ widths: inout [Int], to width: Int) {
    let least = 8
    var excess = widths.reduce(2 * (widths.count - 1), +) - width
    while excess > 0 {
      guard
        let widest = columns.indices.filter({ columns[$0].shrinks && widths[$0] > least }).max(by: { widths[$0] < widths[$1] })
      else { return }
      widths[widest] -= 1
      excess -= 1
    }
  }

  private func line(_ cells: [String], _ widths: [Int], _ colors: [Int: Console.Color], _ console: Console) -> String {
    var line = ""
    let cells = cells[..<(cells.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 0)]
    for (column, cell) in cells.enumerated() {
      let text = cell.count > widths[column] ? cell.prefix(max(0, widths[column] - 1)) + "…" : cell[...]
      let padding = String(repeating: " ", count: widths[column] - text.count)
      let shown = colors[column].map { console.colored(String(text), $0) } ?? String(text)
      let isLast = column == cells.count - 1
      line += columns[column].isNumber ? padding + shown : shown + (isLast ? "" : padding)
      if !isLast { line += "  " }
    }
    return line
  }
}
