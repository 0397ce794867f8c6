/// A part of a batch: items that wait together and are taken one by one. Its payload is a subclass's, so that the pool needs
/// no type parameter: generic values would be copied under its lock, slowly.
///
/// `@unchecked`: the mutable fields belong to `ItemPool`'s lock; subclasses add constants only.
class Piece: @unchecked Sendable {
  let ids: [UInt64]
  fileprivate var position = 0
  fileprivate var cancelled: Set<UInt64> = []

  init(ids: [UInt64]) {
    self.ids = ids
  }
}

/// The pieces that wait, first in, first out. Guarded by `ItemPool`'s lock.
struct PieceQueue {
  /// One item of a piece.
  struct Work {
    let piece: Piece
    let index: Int
    let isCancelled: Bool

    var id: UInt64 { piece.ids[index] }
  }

  private var pieces: [Piece] = []
  private var front = 0

  var isEmpty: Bool { front == pieces.count }

  mutating func append(_ piece: Piece) {
    guard !piece.ids.isEmpty else { return }
    pieces.append(piece)
  }

  mutating func popFirst() -> Work? {
    guard front < pieces.count else { return nil }
    let piece = pieces[front]
    let index = piece.position
    piece.position += 1
    if piece.position == piece.ids.count { removeFirst() }
    let isCancelled = !piece.cancelled.isEmpty && piece.cancelled.contains(piece.ids[index])
    return Work(piece: piece, index: index, isCancelled: isCancelled)
  }

  /// Marks an item that waits, or all when `item` is 0. False: that item does not wait.
  func cancel(item: UInt64) -> Bool {
    var isFound = false
    for piece in pieces[front...] {
      let waiting = piece.ids[piece.position...]
      if item == 0 {
        piece.cancelled.formUnion(waiting)
      } else if waiting.contains(item) {
        piece.cancelled.insert(item)
        isFound = true
      }
    }
    return isFound
  }

  private mutating func removeFirst() {
    front += 1
    // Moves what is left only once in a while, and frees the pieces that are done.
    if front == pieces.count || front >= 64 {
      pieces.removeFirst(front)
      front = 0
    }
  }
}
