import ControlAPI
import JobModel

/// A parameter that a route takes in its query.
struct Parameter: Sendable {
  enum Kind: Sendable {
    case text
    case integer(ClosedRange<Int64>)
    /// One of these words.
    case choice([String])
    /// ISO 8601 with offset.
    case instant
    /// `1` or `0`.
    case flag
  }

  var name: String
  var kind: Kind
  var summary: String
  /// It may be there several times.
  var isRepeated = false

  init(_ name: String, _ kind: Kind, _ summary: String, isRepeated: Bool = false) {
    self.name = name
    self.kind = kind
    self.summary = summary
    self.isRepeated = isRepeated
  }

  /// Throws `invalid`, saying what would be right.
  func check(_ value: String) throws(ControlError) {
    switch kind {
    case .text:
      if value.isEmpty { throw wrong("must not be empty") }
    case .integer(let range):
      guard let number = Int64(value), range.contains(number), !value.hasPrefix("+") else {
        throw wrong("must be a whole number from \(range.lowerBound) to \(range.upperBound), is \"\(value.forPeople)\"")
      }
    case .choice(let words):
      guard words.contains(value) else {
        let suggestion = words.nearest(to: value).map { "; did you mean \"\($0)\"?" } ?? ""
        throw wrong("must be one of \(words.joined(separator: ", ")), is \"\(value.forPeople)\"\(suggestion)")
      }
    case .instant:
      guard Timestamp(iso8601: value) != nil else {
        throw wrong("must be an instant as 2026-11-23T08:00:00Z, is \"\(value.forPeople)\"")
      }
    case .flag:
      guard value == "0" || value == "1" else { throw wrong("must be 1 or 0, is \"\(value.forPeople)\"") }
    }
  }

  private func wrong(_ what: String) -> ControlError { ControlError(.invalid, "the parameter \(name) \(what)") }
}

extension String {
  /// Something that a client sent, cut and without control characters, for a message.
  var forPeople: String {
    let printable = unicodeScalars.prefix(80).map { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) ? "?" : String($0) }
    return printable.joined() + (unicodeScalars.count > 80 ? "…" : "")
  }
}
