/// One command of `ExecStart=`, as systemd.service(5) has it.
struct ExecLine: Hashable, Sendable {
  /// `-`: how it ends does not matter.
  private(set) var ignoresFailure = false
  /// `+`, `!`, `!!`: with more rights than the service.
  private(set) var isPrivileged = false
  /// `@`: the second word was the program's name for itself.
  private(set) var hasOwnName = false
  private(set) var words: [String] = []

  /// What a unit knows of itself and of its environment.
  struct Surroundings {
    /// As `foo@bar.service`.
    var unit: String
    var environment: [String: String] = [:]
    /// There are variables that only a file knows.
    var hasMore = false
  }

  /// The commands of a line; `;` as a word of its own stands between two.
  static func parse(_ text: String, _ surroundings: Surroundings) throws(ImportError) -> [ExecLine] {
    var lines: [ExecLine] = []
    var pieces: [[String]] = [[]]
    for word in try split(text) {
      if word == ";" { pieces.append([]) } else { pieces[pieces.count - 1].append(word == "\\;" ? ";" : word) }
    }
    for piece in pieces where !piece.isEmpty { lines.append(try ExecLine(piece, surroundings)) }
    guard !lines.isEmpty else { throw ImportError("names no program") }
    return lines
  }

  private init(_ raw: [String], _ surroundings: Surroundings) throws(ImportError) {
    var replaces = true
    var first = raw[0][...]
    while let prefix = first.first, "-@:+!|".contains(prefix) {
      switch prefix {
      case "-": ignoresFailure = true
      case "@": hasOwnName = true
      case ":": replaces = false
      case "|": throw ImportError("\"|\" before a program asks for a login shell, which is not carried over")
      default: isPrivileged = true
      }
      first.removeFirst()
    }
    words = [try Specifiers.replaced(in: String(first), unit: surroundings.unit)]
    for word in raw.dropFirst() {
      let word = try Specifiers.replaced(in: word, unit: surroundings.unit)
      if replaces { words += try Self.expanded(word, surroundings) } else { words.append(word) }
    }
    guard !words[0].isEmpty else { throw ImportError("names no program") }
    if hasOwnName, words.count > 1 { words.remove(at: 1) }
  }

  /// `$NAME` as a word becomes any number of words, `${NAME}` in a word its value, `$$` a dollar sign.
  private static func expanded(_ word: String, _ surroundings: Surroundings) throws(ImportError) -> [String] {
    func value(_ name: Substring) throws(ImportError) -> String {
      if let value = surroundings.environment[String(name)] { return value }
      guard !surroundings.hasMore else {
        throw ImportError(
          "$\(name) may come from an EnvironmentFile, which only systemd reads; set it, or let a shell read the file")
      }
      return ""
    }
    let isName = { (character: Character) in character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }
    if word.first == "$", word.count > 1, word.dropFirst().allSatisfy(isName) {
      return try value(word.dropFirst()).split(separator: " ").map(String.init)
    }
    var result = ""
    var rest = word[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[rest.index(after: dollar)...]
      if rest.first == "$" {
        result += "$"
        rest.removeFirst()
      } else if rest.first == "{", let end = rest.firstIndex(of: "}") {
        result += try value(rest[rest.index(after: rest.startIndex)..<end])
        rest = rest[rest.index(after: end)...]
      } else {
        result += "$"
      }
    }
    return [result + rest]
  }

  /// Words as systemd cuts them: quotes of both kinds, and backslashes as in C.
  static func split(_ text: String) throws(ImportError) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var rest = text[...]
    while let character = rest.popFirst() {
      switch (character, quote) {
      case (let end, let open?) where end == open: quote = nil
      case ("\"", nil), ("'", nil):
        quote = character
        word = word ?? ""
      case ("\\", _):
        guard rest.first != ";" else {
          word = (word ?? "") + "\\"
          continue
        }
        word = (word ?? "") + (try unescaped(&rest))
      case (_, nil) where character.isWhitespace:
        if let word { words.append(word) }
        word = nil
      default: word = (word ?? "") + String(character)
      }
    }
    guard quote == nil else { throw ImportError("has a quote that is not closed") }
    return words + (word.map { [$0] } ?? [])
  }

  private static func unescaped(_ rest: inout Substring) throws(ImportError) -> String {
    guard let character = rest.popFirst() else { throw ImportError("ends with a backslash") }
    let simple: [Character: String] = [
      "a": "\u{07}", "b": "\u{08}", "f": "\u{0C}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{0B}", "\\": "\\", "\"": "\"",
      "'": "'", "s": " ",
    ]
    if let text = simple[character] { return text }
    let (length, radix): (Int, Int)
    switch character {
    case "x": (length, radix) = (2, 16)
    case "u": (length, radix) = (4, 16)
    case "U": (length, radix) = (8, 16)
    case "0"..."7": (length, radix) = (3, 8)
    default: throw ImportError("has \"\\\(character)\", which stands for nothing")
    }
    let digits = radix == 8 ? String(character) + rest.prefix(2) : String(rest.prefix(length))
    guard digits.count == length, let value = UInt32(digits, radix: radix), value > 0, let scalar = Unicode.Scalar(value) else {
      throw ImportError("has \"\\\(character)\" without \(length) digits behind it")
    }
    rest = rest.dropFirst(radix == 8 ? 2 : length)
    return String(Character(scalar))
  }

  /// The words as a POSIX shell reads them back.
  var shellText: String { words.map(Self.shellQuoted).joined(separator: " ") }

  private static func shellQuoted(_ word: String) -> String {
    let isPlain = !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-./:=,@%+".contains($0)) }
    return isPlain ? word : "'\(word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
  }
}

/// `%i` and the like, of which a text alone knows a few.
enum Specifiers {
  static func replaced(in text: String, unit: String) throws(ImportError) -> String {
    guard text.contains("%") else { return text }
    let stem = unit.lastIndex(of: ".").map { unit[..<$0] } ?? unit[...]
    let parts = stem.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let known: [Character: Substring] = [
      "%": "%", "n": unit[...], "N": stem, "p": parts[0], "i": parts.count > 1 ? parts[1] : "", "t": "/run", "S": "/var/lib",
      "C": "/var/cache", "L": "/var/log", "E": "/etc", "T": "/tmp", "V": "/var/tmp",
    ]
    var result = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      guard character == "%" else {
        result.append(character)
        continue
      }
      guard let letter = rest.popFirst(), let value = known[letter] else {
        throw ImportError("has a specifier in \"\(text)\" that only systemd can replace")
      }
      // A template's own file has no instance: what it would be, only its user knows.
      if letter == "i", value.isEmpty {
        throw ImportError(
          "has \"%i\", the instance of a template; import the file under the name of an instance, as name@instance.timer")
      }
      result += value
    }
    return result
  }
}
