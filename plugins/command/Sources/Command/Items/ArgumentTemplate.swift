/// One argument, with places for the item: `{}`, `{item}` and `{item.field.0}`, and `{key}`. `{{}}` stands for `{}` itself, and so
/// for the others; every other brace is left as it is, so that `awk '{print $1}'` needs no care.
struct ArgumentTemplate: Hashable, Sendable {
  private enum Part: Hashable, Sendable {
    case literal([UInt8])
    case key
    /// Empty for the whole item.
    case item([Substring])
  }

  private var parts: [Part] = []

  init(_ text: String) {
    var rest = text[...]
    var literal = ""
    while let brace = rest.firstIndex(of: "{") {
      literal += rest[..<brace]
      rest = rest[brace...]
      if let quoted = Self.place(in: rest.dropFirst()), rest.dropFirst(quoted.length + 1).first == "}" {
        literal += rest.dropFirst().prefix(quoted.length)
        rest = rest.dropFirst(quoted.length + 2)
      } else if let place = Self.place(in: rest) {
        if !literal.isEmpty { parts.append(.literal(Array(literal.utf8))) }
        literal = ""
        parts.append(place.part)
        rest = rest.dropFirst(place.length)
      } else {
        literal += "{"
        rest = rest.dropFirst()
      }
    }
    literal += rest
    if !literal.isEmpty { parts.append(.literal(Array(literal.utf8))) }
  }

  /// The placeholder that a text begins with, and its length.
  private static func place(in text: Substring) -> (part: Part, length: Int)? {
    guard text.first == "{", let end = text.firstIndex(of: "}") else { return nil }
    let name = text[text.index(after: text.startIndex)..<end]
    let length = text.distance(from: text.startIndex, to: end) + 1
    if name.isEmpty || name == "item" { return (.item([]), length) }
    if name == "key" { return (.key, length) }
    guard name.hasPrefix("item."), name.allSatisfy({ $0.isLetter || $0.isNumber || "._-".contains($0) }) else { return nil }
    let path = name.dropFirst(5).split(separator: ".", omittingEmptySubsequences: false)
    return path.contains("") ? nil : (.item(path), length)
  }

  var hasPlaces: Bool {
    parts.contains { if case .literal = $0 { false } else { true } }
  }

  /// The argument for an item. Throws `CommandError.item` for a field that it has not, and for a NUL byte.
  func filled(with item: CommandItem, key: String) throws(CommandError) -> [UInt8] {
    var argument: [UInt8] = []
    for part in parts {
      switch part {
      case .literal(let bytes): argument += bytes
      case .key: argument += Array(key.utf8)
      case .item(let path) where path.isEmpty: argument += item.text
      case .item(let path):
        guard let value = item.value?.at(path) else {
          throw CommandError(
            .item, "the item has no field \"\(path.joined(separator: "."))\", which the command is to be given")
        }
        argument += Array(value.argument.utf8)
      }
    }
    guard !argument.contains(0) else {
      throw CommandError(.item, "the item holds a NUL byte, which no argument can; hand it over with `stdin: item`")
    }
    return argument
  }
}
