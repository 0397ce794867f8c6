/// Comma-separated values, RFC 4180: quotes, doubled quotes, line breaks within quotes. A byte-order mark and empty lines are
/// passed over.
struct CSVReader {
  struct Row {
    let fields: [String]
    /// Where it begins; the first line is 1.
    let line: Int
  }

  private let lines: LineReader
  private let delimiter: UInt8
  private var number = 0

  init(_ lines: LineReader, delimiter: UInt8) {
    self.lines = lines
    self.delimiter = delimiter
  }

  /// Throws `EmailDispatchError.recipients` for quotes that are wrong and for what is not UTF-8.
  mutating func next() throws(EmailDispatchError) -> Row? {
    guard var line = try nextLine() else { return nil }
    while line.isEmpty {
      guard let other = try nextLine() else { return nil }
      line = other
    }
    let start = number
    var fields: [String] = []
    guard line.contains(UInt8(ascii: "\"")) else {
      for field in line.split(separator: delimiter, omittingEmptySubsequences: false) { fields.append(try text(field, start)) }
      return Row(fields: fields, line: start)
    }
    var field: [UInt8] = []
    var isQuoted = false
    var index = 0
    while true {
      if index == line.count {
        guard isQuoted else { break }
        guard let more = try nextLine() else { throw failure("a quote is not closed", start) }
        field.append(10)
        line = more
        index = 0
        continue
      }
      let byte = line[index]
      index += 1
      if isQuoted {
        if byte != UInt8(ascii: "\"") {
          field.append(byte)
        } else if index < line.count, line[index] == byte {
          field.append(byte)
          index += 1
        } else {
          isQuoted = false
          guard index == line.count || line[index] == delimiter else {
            throw failure("something follows a closing quote", start)
          }
        }
      } else if byte == delimiter {
        fields.append(try text(field, start))
        field = []
      } else if byte == UInt8(ascii: "\""), field.isEmpty {
        isQuoted = true
      } else {
        field.append(byte)
      }
    }
    fields.append(try text(field, start))
    return Row(fields: fields, line: start)
  }

  private mutating func nextLine() throws(EmailDispatchError) -> [UInt8]? {
    guard var line = try lines.next() else { return nil }
    number += 1
    if line.last == 13 { line.removeLast() }
    if number == 1, line.starts(with: [0xef, 0xbb, 0xbf]) { line.removeFirst(3) }
    return line
  }

  private func text(_ bytes: some Collection<UInt8>, _ line: Int) throws(EmailDispatchError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("is not UTF-8", line) }
    return text
  }

  private func failure(_ what: String, _ line: Int) -> EmailDispatchError {
    EmailDispatchError(.recipients, "\(lines.path):\(line): \(what)")
  }
}
