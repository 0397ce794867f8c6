/// Where the items of a run come from.
package struct ItemSource: Decodable, Hashable, Sendable {
  /// What lists them.
  package enum Origin: Hashable, Sendable {
    /// The configuration itself, each as JSON.
    case list([String])
    /// The lines of a file.
    case file(String)
    /// The lines that a command prints.
    case command(CommandWords, Shell)
  }

  /// What one line is.
  package enum Format: String, Codable, Hashable, Sendable, CaseIterable {
    case lines
    /// As `lines`, but ended by NUL bytes: file names.
    case nul
    /// One JSON value a line.
    case ndjson
  }

  package var origin: Origin
  package var format: Format

  /// The field of an object that is its item's key; nil: `key`, else `id`.
  package var key: String?

  private enum CodingKeys: CodingKey { case file, command, shell, format, key, list }

  package init(from decoder: any Decoder) throws {
    if let list = try Self.plainList(decoder) {
      origin = .list(list)
      format = .ndjson
      return
    }
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    format = try keys.decodeIfPresent(Format.self, forKey: .format) ?? .lines
    key = try keys.decodeIfPresent(String.self, forKey: .key)
    let shell = try keys.decodeIfPresent(Shell.self, forKey: .shell) ?? .none
    let list = try keys.decodeIfPresent([ItemValue].self, forKey: .list)
    let file = try keys.decodeIfPresent(String.self, forKey: .file)
    let command = try keys.decodeIfPresent(CommandWords.self, forKey: .command)
    switch (list, file, command) {
    case (let list?, nil, nil):
      origin = .list(list.map(\.json))
      format = .ndjson
    case (nil, let file?, nil): origin = .file(file)
    case (nil, nil, let command?): origin = .command(command, shell)
    default:
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "needs one of list, file and command"))
    }
  }

  /// `items: [a, b]`; nil when it is an object.
  private static func plainList(_ decoder: any Decoder) throws -> [String]? {
    let container: any UnkeyedDecodingContainer
    do { container = try decoder.unkeyedContainer() } catch { return nil }
    var rest = container
    var list: [String] = []
    while !rest.isAtEnd { list.append(try rest.decode(ItemValue.self).json) }
    return list
  }
}
