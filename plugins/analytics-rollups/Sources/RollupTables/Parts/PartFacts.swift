/// What a part says about itself, at its end.
package struct PartFacts: Codable, Hashable, Sendable {
  /// Of the layout; one of another format is made anew.
  package static let format = 1

  /// Where a part's dead letters end: more are counted and not kept.
  static let deadLettersKept = 10_000

  package var format = Self.format
  /// Of the input below the source.
  package var path: String
  /// Which range of the input, from 0.
  package var index: Int
  package var stamp: Stamp
  /// XXH3 of the range's bytes, 32 hexadecimal digits.
  package var contentHash: String
  /// Where the range's first line begins in the unpacked input.
  package var firstByte: Int64
  package var lines: Int64 = 0
  package var events: Int64 = 0
  package var malformed: Int64 = 0
  /// Why none of it could be read; nil when it could.
  package var flaw: String?
  var deadLetters: [DeadLetter] = []
  var runs: [RunFacts] = []
  /// In the order of their numbers; a country's number is one more than its place.
  var types: [String] = []
  var countries: [String] = []
  /// The hours of which the archive has a file of this part: hours since 1970.
  var archivedHours: [Int64] = []

  package init(path: String, index: Int, stamp: Stamp, contentHash: String, firstByte: Int64) {
    self.path = path
    self.index = index
    self.stamp = stamp
    self.contentHash = contentHash
    self.firstByte = firstByte
  }

  /// Why the first malformed line is none, for people; nil without one.
  package var firstFlaw: String? {
    deadLetters.first.flatMap { letter in
      Malformed(rawValue: letter.reason).map { "line \(letter.line)\(index > 0 ? " of range \(index)" : ""), \($0.reason)" }
    }
  }
}

/// A line that is no event.
package struct DeadLetter: Codable, Hashable, Sendable {
  /// How much of the line is kept.
  static let textBytes = 512

  /// From 1, in its range.
  var line: Int64
  /// Its first byte in the unpacked input.
  var byte: Int64
  var reason: UInt8
  /// The line's beginning; what is not UTF-8 in it shows as U+FFFD.
  var text: String
}

/// Events sorted by user and time: where they are in the part.
struct RunFacts: Codable, Hashable, Sendable {
  var start: Int64
  var end: Int64
}
