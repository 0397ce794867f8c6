/// JSON pointers (RFC 6901) from coding paths.
enum JSONPointer {
  static func text(_ path: [any CodingKey]) -> String {
    path.map { "/" + token($0) }.joined()
  }

  private static func token(_ key: any CodingKey) -> String {
    // Array positions are the keys whose text is "Index n"; an object's key may carry an integer of its own.
    if let index = key.intValue, key.stringValue == "Index \(index)" { return String(index) }
    return escaped(key.stringValue)
  }

  static func escaped(_ key: String) -> String {
    var text = ""
    for character in key.unicodeScalars {
      switch character {
      case "~": text += "~0"
      case "/": text += "~1"
      default: text.unicodeScalars.append(character)
      }
    }
    return text
  }
}
