/// A parameter of a MIME field (`filename`), as RFC 2045 has it, or as RFC 2231 where that does not do.
enum Parameter {
  /// Pieces to stand in a field, without the semicolons before them: one, or several for a value that is continued.
  static func pieces(_ name: String, _ value: String) throws(MailError) -> [String] {
    if value.utf8.contains(where: Characters.isBreak) {
      throw MailError(.header, "\(name): \(Characters.shown(value)) holds a line break or a NUL")
    }
    let value = Characters.presentable(value)
    // An apostrophe in a token is taken for RFC 2231's by some, so only these go without quotes.
    let isSimple = value.utf8.allSatisfy { Characters.isAlphanumeric($0) || "-._".utf8.contains($0) }
    if !value.isEmpty, value.utf8.count <= 60, isSimple { return ["\(name)=\(value)"] }
    // Some programs decode an encoded word within quotes, though RFC 2047 forbids it.
    if value.utf8.count <= 60, value.utf8.allSatisfy(Characters.isPrintable), !value.hasEncodedWordStart {
      return ["\(name)=\(quoted(value))"]
    }
    var chunks: [String] = [""]
    for scalar in value.unicodeScalars {
      let encoded = String(scalar).utf8.map(percentEncoded).joined()
      if chunks[chunks.count - 1].utf8.count + encoded.utf8.count > 50 { chunks.append("") }
      chunks[chunks.count - 1] += encoded
    }
    if chunks.count == 1 { return ["\(name)*=UTF-8''\(chunks[0])"] }
    return chunks.enumerated().map { "\(name)*\($0)*=\($0 == 0 ? "UTF-8''" : "")\($1)" }
  }

  static func quoted(_ value: String) -> String {
    var out = "\""
    for scalar in value.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { out += "\\" }
      out.unicodeScalars.append(scalar)
    }
    return out + "\""
  }

  private static func percentEncoded(_ byte: UInt8) -> String {
    Characters.isAlphanumeric(byte) || "-._~".utf8.contains(byte)
      ? String(UnicodeScalar(byte))
      : String(decoding: [UInt8(ascii: "%"), Hex.upper(byte >> 4), Hex.upper(byte & 15)], as: UTF8.self)
  }
}
