/// One item as a plugin names it.
public struct NewItem<Item: Codable & Sendable>: Sendable {
  /// Unique in the run; a second item of the same key is ignored and counted. 1...1024 bytes of UTF-8, no NUL.
  public var key: String

  /// At most 256 KiB once encoded.
  public var value: Item

  /// Higher runs first; 0 is usual.
  public var priority: Int32

  public init(key: String, value: Item, priority: Int32 = 0) {
    self.key = key
    self.value = value
    self.priority = priority
  }
}
