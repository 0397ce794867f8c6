/// The text of a job file, fit to be parsed: UTF-8, of a sane size, free of control characters.
struct SourceText {
  /// A job file is written by hand; what is larger is something else.
  static let maxBytes = 1 << 20

  /// Without a byte order mark.
  var text: String

  /// The text, or what is wrong with the bytes.
  static func read(_ bytes: [UInt8], file: String) -> Result<SourceText, JobFileError> {
    func fail(_ message: String, _ mark: SourceMark? = nil) -> Result<SourceText, JobFileError> {
      .failure(JobFileError(.invalid, message, findings: [JobFinding(file: file, mark: mark, message: message)]))
    }
    guard bytes.count <= maxBytes else { return fail("the file is larger than 1 MiB: this is no job file") }
    let content = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...]
    var mark = SourceMark(line: 1, column: 1)
    var decoder = UTF8()
    var source = content.makeIterator()
    decoding: while true {
      switch decoder.decode(&source) {
      case .emptyInput: break decoding
      case .error: return fail("the file is not UTF-8 text", mark)
      case .scalarValue("\n"): mark = SourceMark(line: mark.line + 1, column: 1)
      case .scalarValue(let scalar):
        if (scalar.value < 0x20 && scalar != "\t" && scalar != "\r")
          || (0x7f...0x9f).contains(scalar.value) && scalar.value != 0x85
        {
          return fail("the file has a control character (U+\(String(scalar.value, radix: 16, uppercase: true)))", mark)
        }
        mark.column += 1
      }
    }
    return .success(SourceText(text: String(decoding: content, as: UTF8.self)))
  }
}
