import CCarillonPlugin

/// Items of one type that wait together.
///
/// `@unchecked`: constant. The C items point into the host's memory, which stays until each item is complete, and are read
/// before that only.
final class ItemPiece<Item: Codable & Sendable>: Piece, @unchecked Sendable {
  private let items: [carillon_item]
  private let values: [Item]
  private let run: RunContext

  /// `values` are those of `items`, in order.
  init(_ items: [carillon_item], _ values: [Item], run: RunContext) {
    self.items = items
    self.values = values
    self.run = run
    super.init(ids: items.map(\.id))
  }

  /// What the plugin gets; its key is copied, since the plugin may keep it for longer than the item is open.
  func context(_ index: Int) -> ItemContext<Item> {
    let item = items[index]
    return ItemContext(
      key: item.key.string, attempt: Int(item.attempt), value: values[index], run: run, id: item.id)
  }
}
